"""What lies in S3."""
