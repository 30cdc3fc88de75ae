"""Questions that documents answer, as a person would ask them, made when they are indexed."""
