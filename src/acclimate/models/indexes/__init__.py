"""models/indexes."""
