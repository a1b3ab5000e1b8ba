"""Who is told of a tenant's changes by webhook."""
