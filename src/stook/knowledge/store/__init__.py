"""SQL of documents and of where they come from."""
