"""What the product does about its own changes: it tells them."""
