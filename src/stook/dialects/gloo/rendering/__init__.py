"""What Gloo's API writes: messages and chats, completions, responses, passages and items."""
