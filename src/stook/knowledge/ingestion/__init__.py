"""How documents are found, read, stored and made searchable."""
