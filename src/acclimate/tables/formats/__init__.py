"""tables/formats."""
