"""What people do with Stook: each service is one subject, and knows no wire API."""
