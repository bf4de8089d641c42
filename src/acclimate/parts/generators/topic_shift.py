"""TopicShift: a turn of a conversation behind the first turns of another one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from acclimate.errors import RecipeError
from acclimate.parts._cloze import SUFFIX, is_hidden
from acclimate.parts._hashing import rng_of, salt
from acclimate.parts._sources import sources
from acclimate.parts._turns import chances, turns_of
from acclimate.parts.generators._written import behind
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries

KIND = "topic_shift "
"""Begins the kind of a shifted query; the number of its foreign lines follows."""


@dataclass(frozen=True, kw_only=True)
class TopicShift:
    """The queries, and behind those of conversations a twin that begins with another conversation.

    Who asks in a chat may have asked for something else before. The turns before a question are
    read with it, and a student that has only met conversations with one subject takes all of them
    for it. A twin has the first turns of another conversation in front, one per line, and the same
    source: what comes first has nothing to do with it. How many come is drawn: of N turns that
    there are, n with a chance in proportion to N + 1 − n, so that few are likelier.

    Rows: [026].

    Paper:   SSP: Self-supervised post-training for conversational search, ACL 2023.
    Code:    none followed; the weights of the cut as in the authors' code.
    Differs: the query itself is one line, whatever turns it holds. Which lines are foreign is told
             (`foreign`), but the student learns to find what the last line asks for;
             `loops.TopicShift` learns to tell foreign turns. The paper's other tasks are not in it.
    Cost:    one pass over the conversations; no model.

    Args:
        turns: of another conversation at most.
        share: of the training queries whose source is a conversation, those with a twin, 0…1.

    Returns:
        The queries in their order; a twin's kind is "topic_shift n", n its foreign lines, and ends
        as the query's does where that is cut out of its document. Held-out queries have none.

    Example:
        >>> from acclimate.parts.generators.conversation_turns import ConversationTurns
        >>> texts = (f'''Ann: Does the {one} leak at all?
        ... Bob: It does not, as far as I can see.''' for one in ("roof", "boat"))
        >>> corpus = Corpus.of({"doc_id": t, "title": "", "text": t} for t in texts)
        >>> queries = ConversationTurns()(corpus, Context())
        >>> print(TopicShift(turns=1)(corpus, queries, Context())["text"][1])
        Does the boat leak at all?
        Does the roof leak at all?
    """

    turns: int = 3
    share: float = 1.0

    def __post_init__(self) -> None:
        """Refuse no turn, and a share that is none."""
        if self.turns < 1 or not 0 < self.share <= 1:
            raise RecipeError(f"{self!r}: give 1 turn or more, and a share above 0 and at most 1.")

    def __call__(self, corpus: Corpus, queries: Queries, ctx: Context) -> Queries:
        """Put other conversations in front."""
        own, key = sources(corpus, queries), salt(ctx, self)
        begun = [_first(text, self.turns) for text in corpus["text"]]
        talks = np.array([row for row, said in enumerate(begun) if said], dtype=np.int64)
        twins = {}
        for row, query in enumerate(queries.dicts()):
            rng = rng_of(query["query_id"], key)
            others = talks[talks != own[row]]
            among = own[row] >= 0 and begun[own[row]] and query["split"] == "train" and len(others)
            known = (query["kind"] or "").startswith(KIND)
            if among and not known and rng.random() < self.share:
                lines = begun[int(rng.choice(others))]
                count = 1 + int(rng.choice(len(lines), p=chances(len(lines))))
                end = SUFFIX if is_hidden(query["kind"]) else ""
                text = "\n".join((*lines[:count], query["text"]))
                twins[row] = [(f"{KIND}{count}{end}", text, None)]
        ctx.note("topic shifts", len(twins))
        return behind(queries, twins)


def foreign(kind: str, text: str) -> list[int]:
    """For each line of a query, 1 where it is of another conversation.

    Example:
        >>> foreign("topic_shift 1_cloze", '''Is it dry?
        ... Does it leak?''')
        [1, 0]
    """
    lines = text.count("\n") + 1
    told = kind.removeprefix(KIND).removesuffix(SUFFIX) if kind.startswith(KIND) else "0"
    return [1] * int(told) + [0] * (lines - int(told))


def _first(text: str, turns: int) -> list[str]:
    """The first turns of a conversation, each on one line; none where a text is no conversation."""
    return [" ".join(text[start:end].split()) for _, (start, end) in turns_of(text)[:turns]]
