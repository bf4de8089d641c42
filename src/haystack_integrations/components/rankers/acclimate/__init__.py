"""Rerankers that acclimate trained, as Haystack components."""

from haystack_integrations.components.rankers.acclimate.adapted_reranker import (
    AdaptedReranker as AdaptedReranker,
)
