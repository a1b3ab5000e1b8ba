"""What a new secret is made of, and how strong it is: each recipe is checked when it is made, and makes nothing itself."""
