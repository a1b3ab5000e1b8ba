"""The connections of API Gateway."""
