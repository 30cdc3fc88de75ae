"""The values that go over the wire."""
