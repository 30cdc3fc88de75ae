"""Language models: which are wanted, how they are opened, and how text is asked of them."""
