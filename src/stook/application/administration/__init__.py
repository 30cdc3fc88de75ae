"""What administrators see and do: each service is one subject, and knows no wire API."""
