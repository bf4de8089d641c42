"""QueryKinds: a language model writes queries of several kinds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from acclimate.errors import RecipeError
from acclimate.models.prompts import fence, load
from acclimate.models.ref import Ref, Writer
from acclimate.parts._asking import Question, Said, ask
from acclimate.parts._hashing import rng_of, salt
from acclimate.parts.generators._documents import dealt, drawn
from acclimate.parts.generators._written import rows_of
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries

Kind = Literal["question", "claim", "title", "keywords", "search", "open", "opinion"]
Example = tuple[str, str, str]
"""A kind, a document, and a query of that kind for it."""


@dataclass(frozen=True, kw_only=True)
class QueryKinds:
    """Queries of several kinds for each document: a student meets more of what people type.

    Kinds: "question", "claim", "title", "keywords", "search" (short, as in the log of a web search
    engine), "open" (any form) and "opinion". With `shares`, each document gets one kind,
    drawn by them; else one query of every kind.

    Rows: [085].

    Paper:   Tamber, Kazi, Sourabh, Lin, Teaching Dense Retrieval Models to Specialize with
             Listwise Distillation and LLM Data Augmentation, 2025.
             https://arxiv.org/abs/2502.19712
    Code:    manveertamber/enhancing_domain_adaptation.
    Differs: our own wording; "opinion" and personas are additions; examples are shown where there
             are any.
    Cost:    one generation per query.

    Args:
        writer: writes the queries.
        kinds: which. Paper: the first six.
        shares: how often each kind, where a document gets only one. None: every kind for all.
        documents: how many are asked for queries. None: all.
        examples: three of the kind's, drawn for each query, are shown to it; the open kind sees
            none. Paper: from the task at hand.
        personas: who asks, in a few words each ("a nurse on a night shift"): one is drawn for each
            query, all as often. Empty: nobody in particular.

    Returns:
        Queries whose kind is the kind's name, in the order of the corpus and of `kinds`.

    Example:
        >>> from acclimate.parts.part import Context
        >>> from acclimate.testing import toys
        >>> from acclimate.testing.fakes import FakeEngine, FakeWriter
        >>> part = QueryKinds(writer=FakeWriter(), kinds=("question", "title"))
        >>> part(toys.CORPUS.head(1), Context(engine=FakeEngine()))["kind"]
        ['question']
    """

    writer: Ref[Writer]
    kinds: tuple[Kind, ...] = ("question", "claim", "title", "keywords", "search", "open")
    shares: tuple[float, ...] | None = None
    documents: int | None = None
    examples: tuple[Example, ...] = ()
    personas: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse kinds that there are not, and shares that do not fit."""
        if not self.kinds or len(set(self.kinds)) < len(self.kinds):
            raise RecipeError(f"QueryKinds(kinds={self.kinds}): name each kind once, at least one.")
        for kind in self.kinds:
            load(f"kind_{kind}")
        if not all(persona.strip() for persona in self.personas):
            raise RecipeError(f"QueryKinds(personas={self.personas}): say who asks in words.")
        shares = self.shares
        if shares is not None and (len(shares) != len(self.kinds) or min(shares) <= 0):
            raise RecipeError(
                f"QueryKinds has {len(self.kinds)} kinds and the shares {shares}. Give a share "
                "above 0 for each."
            )

    def __call__(self, corpus: Corpus, ctx: Context) -> Queries:
        """Write the queries, one kind after the other."""
        asked = drawn(self, corpus, self.documents, ctx)
        which = None if self.shares is None else dealt(self, asked, self.shares, ctx)
        seed = int(ctx.rng(self).integers(2**31))
        found: dict[int, list[tuple[str, Said]]] = {}
        for number, kind in enumerate(self.kinds):
            rows = range(len(asked)) if which is None else np.flatnonzero(which == number).tolist()
            for row, said in zip(rows, self._written(kind, asked, rows, seed, ctx), strict=True):
                found.setdefault(row, []).append((kind, said))
        ids = asked["doc_id"]
        return Queries.of(
            made
            for row in sorted(found)
            for made in rows_of(ids[row], ((k, s.text, s.log_prob) for k, s in found[row]))
        )

    def _written(
        self, kind: str, asked: Corpus, rows: range | list[int], seed: int, ctx: Context
    ) -> list[Said]:
        shown = [e for e in self.examples if e[0] == kind and kind != "open"]
        contents, ids, key = asked.contents, asked["doc_id"], salt(ctx, self)
        questions = []
        for row in rows:
            order = rng_of(f"{kind} {ids[row]}", key).permutation(len(shown))[:3]
            told = [_shown([shown[place] for place in order])] if len(order) else []
            told += self._asks(f"{kind} {ids[row]}", key)
            words = {"examples": "\n\n".join(told)}
            questions.append(Question(data={"document": contents[row]}, words=words))
        said = ask(self.writer, load(f"kind_{kind}"), questions, ctx, seed=seed)
        return [answers[0] for answers in said]

    def _asks(self, query: str, key: int) -> list[str]:
        """Who asks a query, in words for the writer."""
        if not self.personas:
            return []
        number = rng_of(f"{query} persona", key).integers(len(self.personas))
        return [f"Write as this person would: {self.personas[number]}."]


def _shown(examples: list[Example]) -> str:
    return "\n\n".join(
        f"{fence('document', document)}\nWrite one for this document:\n{query}"
        for _, document, query in examples
    )
