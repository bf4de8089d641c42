"""Train: the programs that make the bundled models."""
