"""Reading: the text whose likelihood a frozen reader is asked for, and what it reads before.

Shapes: Q queries, N candidates.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import numpy as np

from acclimate.errors import RecipeError
from acclimate.models.ref import Integers
from acclimate.parts._answers import answers
from acclimate.parts._pairs import pairs
from acclimate.parts._sources import sources
from acclimate.parts._turns import reply
from acclimate.tables import Candidates, Corpus, Queries

Target = Literal["query", "answer", "source", "output", "reply"]
PROMPTS: dict[Target, str] = {
    "query": "Passage: {document} . Please write a question based on this passage.\n",
    "answer": "{document}\n{query}\n",
    "source": "{document}\n{query}\n",
    "output": "{document}\n{query}\n",
    "reply": "{document}\n{query}\n",
}
"""What a reader has read before the text, where no prompt is given."""


@dataclass(frozen=True, eq=False)
class Asked:
    """The candidates of queries that have such a text, but for the document that it is of.

    Args:
        candidates: these.
        texts: the text of each query, (Q,), "" for none.
        queries: row of each candidate's query, (N,).
        documents: row of its document, (N,).
    """

    candidates: Candidates
    texts: list[str]
    queries: Integers
    documents: Integers


def asked(
    target: Target, mask: str, corpus: Corpus, queries: Queries, candidates: Candidates
) -> Asked:
    """The candidates that a reader is asked about."""
    texts, own = _texts(target, mask, corpus, queries)
    query, document = pairs(corpus, queries, candidates)
    told = np.array([bool(text) for text in texts], dtype=bool)[query] & (own[query] != document)
    return Asked(candidates.keep(told), texts, query[told], document[told])


def _texts(
    target: Target, mask: str, corpus: Corpus, queries: Queries
) -> tuple[list[str], Integers]:
    """The text of each query, (Q,), and the document that it is of, (Q,); -1 where that is read."""
    nothing = np.full(len(queries), -1, dtype=np.int64)
    if target == "query":
        return queries["text"], nothing
    if target == "answer":
        return answers(corpus, queries, mask), nothing
    contents, own = corpus["text"], sources(corpus, queries)
    if target == "source":
        contents = corpus.contents
    if target == "reply":
        asked = zip(own.tolist(), queries["text"], strict=True)
        return [reply(contents[row], text) if row >= 0 else "" for row, text in asked], own
    return [contents[row] if row >= 0 else "" for row in own.tolist()], own


def check_reading(part: object, prompt: str | None, mask: str) -> None:
    """Refuse a prompt that shows no document, and a mask that cannot be seen."""
    name = type(part).__name__
    if not mask:
        raise RecipeError(f"{name}(mask=''): give what stands for the answer.")
    if prompt is not None and "{document}" not in prompt:
        raise RecipeError(
            f"{name}(prompt={prompt!r}) shows the reader no document. Write {{document}} where it "
            "is to stand."
        )


def context(prompt: str | None, target: Target, document: str, query: str) -> str:
    """The prompt with a document and a query in it; None: the target's own."""
    told = {"{document}": document, "{query}": query}
    prompt = prompt if prompt is not None else PROMPTS[target]
    return re.sub(r"\{(?:document|query)\}", lambda slot: told[slot.group()], prompt)
