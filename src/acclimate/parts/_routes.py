"""Routes: one model with a way of its own for queries, and one for documents."""

from __future__ import annotations

import copy
from typing import Any

DOCUMENT_PROMPTS = ("document", "passage", "corpus")
"""Names under which a model may keep what stands before a document."""


def routed(model: Any, query_modules: list[Any]) -> Any:
    """A dense encoder that reads queries with other modules than documents.

    Args:
        model: an opened sentence-transformers model; it goes on reading documents.
        query_modules: what a query passes, up to its vector.
    """
    return with_ways(model, {"query": query_modules, "document": list(model.children())})


def with_routes(model: Any) -> Any:
    """A dense encoder whose queries have modules of their own, which begin as those there are."""
    from sentence_transformers.base.modules import Router

    if isinstance(model[0], Router):
        return model
    return routed(model, copy.deepcopy(list(model.children())))


def mirrored(model: Any) -> Any:
    """A model with routes that reads queries as it read documents, and documents as queries."""
    routes, prompts = model[0].sub_modules, dict(model.prompts)
    query = prompts.pop("query", None)
    document = next((prompts.pop(n) for n in DOCUMENT_PROMPTS if prompts.get(n) is not None), None)
    told = {"query": document, "document": query}
    prompts |= {name: prompt for name, prompt in told.items() if prompt is not None}
    turned = {"query": list(routes["document"]), "document": list(routes["query"])}
    return with_ways(model, turned, prompts)


def only_queries_learn(model: Any) -> Any:
    """A model with routes, of which that of queries is free to move."""
    routes = model[0].sub_modules
    routes["document"].requires_grad_(requires_grad=False)
    routes["query"].requires_grad_(requires_grad=True)
    return model


def with_ways(model: Any, ways: dict[str, list[Any]], prompts: dict[str, str] | None = None) -> Any:
    """A model with a way of its own for each kind of text, in all else as another.

    Args:
        model: an opened sentence-transformers model.
        ways: the modules that a text of a kind passes; those that kinds share are kept once.
        prompts: what stands before texts of a kind. None: as the model has it.
    """
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Router

    return SentenceTransformer(
        modules=[Router(ways, default_route="document")],
        device=str(model.device),
        prompts=dict(model.prompts) if prompts is None else prompts,
        default_prompt_name=model.default_prompt_name,
        similarity_fn_name=model.similarity_fn_name,
        truncate_dim=model.truncate_dim,
    ).eval()
