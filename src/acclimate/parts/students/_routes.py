"""Routes: one model with a way of its own for queries, and one for documents."""

from __future__ import annotations

from typing import Any


def routed(model: Any, query_modules: list[Any]) -> Any:
    """A dense encoder that reads queries with other modules than documents.

    Args:
        model: an opened sentence-transformers model; it goes on reading documents.
        query_modules: what a query passes, up to its vector.
    """
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Router

    router = Router.for_query_document(
        query_modules=query_modules, document_modules=list(model.children())
    )
    return SentenceTransformer(
        modules=[router],
        device=str(model.device),
        prompts=dict(model.prompts),
        default_prompt_name=model.default_prompt_name,
        similarity_fn_name=model.similarity_fn_name,
        truncate_dim=model.truncate_dim,
    ).eval()


def only_queries_learn(model: Any) -> Any:
    """A model with routes, of which that of queries is free to move."""
    routes = model[0].sub_modules
    routes["document"].requires_grad_(requires_grad=False)
    routes["query"].requires_grad_(requires_grad=True)
    return model
