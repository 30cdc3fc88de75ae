"""The HTTP server: the application, its middleware, health and logs."""
