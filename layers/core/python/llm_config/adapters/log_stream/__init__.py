"""What leaves a function as lines of its log, whose group has a subscription."""
