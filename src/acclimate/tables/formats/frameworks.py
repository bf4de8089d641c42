"""Documents of other frameworks as rows: Haystack's, LangChain's, and LlamaIndex's nodes.

They are known by what they have and not by their class, so that none of these libraries is needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def as_row(document: Any) -> Mapping[str, Any] | None:
    """The row of a document object; None for anything else.

    A LlamaIndex node names the document it was cut from, and becomes a piece of it.
    """
    if hasattr(document, "page_content"):  # LangChain
        return _row(document.id, document.page_content, document.metadata)
    if hasattr(document, "get_content") and hasattr(document, "node_id"):  # LlamaIndex
        parent = getattr(document, "ref_doc_id", None)
        return _row(document.node_id, document.get_content(), document.metadata, parent)
    if hasattr(document, "content") and hasattr(document, "meta"):  # Haystack
        return _row(document.id, document.content, document.meta)
    return None


def _row(
    name: str | None, text: str | None, meta: Mapping[str, Any], parent: str | None = None
) -> dict[str, Any]:
    named: dict[str, Any] = {"_id": name, "parent_id": parent, "title": meta.get("title")}
    rest = {key: value for key, value in meta.items() if key != "title"}
    given = {key: value for key, value in named.items() if value is not None}
    return {**given, "text": text, **({"meta": rest} if rest else {})}
