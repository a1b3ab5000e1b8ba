"""What the product does: one file an operation, one door for all of them, one catalog that lists them."""
