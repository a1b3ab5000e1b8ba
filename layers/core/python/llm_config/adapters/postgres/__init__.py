"""What lies in PostgreSQL: the audit."""
