"""What LocalStack needs to run without Docker; it finds these by their entry points in its own virtual environment."""
