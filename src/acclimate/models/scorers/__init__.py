"""Scorers of (query, document) pairs."""

from acclimate.models.scorers.cross_encoder import CrossEncoder as CrossEncoder
from acclimate.models.scorers.exported_pairs import ExportedPairs as ExportedPairs
