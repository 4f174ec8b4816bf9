"""Storage: one SQLite database, its schema, and a table for each resource."""
