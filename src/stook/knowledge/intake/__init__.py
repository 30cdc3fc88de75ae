"""What clients push: datasources, documents, people and groups, one by one or in bulk."""
