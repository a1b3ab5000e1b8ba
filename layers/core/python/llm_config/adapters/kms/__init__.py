"""The tenants' keys in AWS KMS: one key a tenant, which never leaves KMS."""
