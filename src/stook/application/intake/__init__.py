"""What connectors push: datasources with their documents and people, and how these stand."""
