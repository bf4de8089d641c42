"""models/writers."""
