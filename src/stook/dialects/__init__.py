"""The wire APIs: each package translates one of them to the engine and back."""
