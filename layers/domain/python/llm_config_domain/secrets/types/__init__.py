"""What a value of each type looks like, what is wrong with one, and what can be said about one that is right."""
