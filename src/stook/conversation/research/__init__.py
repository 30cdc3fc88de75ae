"""Deep questions: taken apart, searched for part by part and in several words, put together."""
