"""models/scorers."""
