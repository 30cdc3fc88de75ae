"""What a question means: its type, its time, and what it leans on."""
