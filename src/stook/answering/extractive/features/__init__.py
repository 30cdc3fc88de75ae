"""The named features of candidates: a function each, by subject; ``registry`` lists them."""
