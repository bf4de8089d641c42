"""ConversationTurns: what somebody said asks for what the conversation came to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from acclimate.errors import RecipeError
from acclimate.parts._cloze import SUFFIX
from acclimate.parts._turns import turns_of
from acclimate.parts._words import length_words
from acclimate.parts.generators._written import Rng, written
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries

KIND = "conversation" + SUFFIX


@dataclass(frozen=True, kw_only=True)
class ConversationTurns:
    """Turns of conversations (tickets, chats, interviews) that ask for the conversation itself.

    What a customer says first is how the next customer will say it; what was answered is what both
    want to find. The query is a turn that somebody else answers, and some turns before it; the
    document is read without it.

    Conversations are documents with lines `name: what was said` of two names or more, each line
    with what follows it up to the next; others give no query.

    Origin: own; sessions as training data of retrievers, as in Re3Dial: Retrieve, reorganise,
            rescale dialogue corpus, EMNLP 2023. https://arxiv.org/abs/2305.02606
    Code:   none followed.
    Differs: nothing known.
    Cost:   one pass over the drawn documents; no model.

    Args:
        per_document: queries of each conversation.
        turns: of a query, at most; its number is drawn evenly.
        at_least_words: of a query.
        rest_words: that must follow the query in the conversation.
        queries: how many in all; documents are drawn by their ids. None: all documents.

    Returns:
        Queries of kind "conversation_cloze", in the order of the corpus.

    Example:
        >>> from acclimate.parts.part import Context
        >>> text = '''Ann: My chain squeaks when it rains.
        ... Bob: Wipe it and put one drop of oil on each link.'''
        >>> corpus = Corpus.of([{"doc_id": "ticket", "title": "", "text": text}])
        >>> ConversationTurns()(corpus, Context())["text"]
        ['My chain squeaks when it rains.']
    """

    per_document: int = 1
    turns: int = 2
    at_least_words: int = 4
    rest_words: int = 6
    queries: int | None = None

    def __post_init__(self) -> None:
        """Refuse queries without a turn."""
        if self.turns < 1:
            raise RecipeError(f"ConversationTurns(turns={self.turns}): give 1 or more.")

    def __call__(self, corpus: Corpus, ctx: Context) -> Queries:
        """Take the turns."""
        texts = corpus["text"]

        def write(row: int, rng: Rng) -> Iterator[tuple[str, str]]:
            said = turns_of(texts[row])
            asked = [
                number
                for number, ((name, _), (other, _)) in enumerate(pairwise(said))
                if name != other
            ]
            for place in rng.permutation(len(asked))[: self.per_document]:
                last = asked[place]
                first = max(0, last + 1 - int(rng.integers(1, self.turns + 1)))
                start, end = said[first][1][0], said[last][1][1]
                query = " ".join(texts[row][start:end].split())
                follows = length_words(texts[row][end:])
                if length_words(query) >= self.at_least_words and follows >= self.rest_words:
                    yield KIND, query

        return written(self, corpus, ctx, write, self.queries)
