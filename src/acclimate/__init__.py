"""acclimate: teach a retriever a new domain from its unlabelled documents alone."""

__version__ = "0.1.0"
