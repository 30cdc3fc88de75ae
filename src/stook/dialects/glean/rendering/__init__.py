"""What Glean's Client API writes: chats, documents, results, people."""
