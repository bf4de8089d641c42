"""SpanQuestions: questions around the phrases a document is about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from acclimate.parts._words import Span, spans
from acclimate.parts.generators._language import QUESTIONS, SHAPELESS
from acclimate.parts.generators._salience import READ_CHARACTERS, Salience, drawn
from acclimate.parts.generators._written import Rng, written
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries

KIND = "span_question"

_NEXT_WORD = re.compile(r"[ \u00a0]?")
_FIELD = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, kw_only=True)
class SpanQuestions:
    """Questions around salient phrases: "how does {phrase} work", "why {phrase} {what follows}".

    A phrase is a run of at most `at_most_words` words without function words or punctuation
    between them; it weighs as the mean of its words' salience times √length. Phrases are drawn
    with chances as their weights and put into shapes of the document's language.

    Origin: questions from templates, as in Lewis, Denoyer, Riedel, Unsupervised Question
            Answering by Cloze Translation, ACL 2019. https://arxiv.org/abs/1906.04980
    Code:   none followed.
    Differs: phrases are found by function words and not by a parser, so that any language with
             a list of them will do; others get phrases without a question.
    Cost:   one pass over the words of the corpus; no model.

    Args:
        per_document: questions of each document.
        at_most_words: words of a phrase.
        rest_words: words of what follows a phrase.
        pool: how many of the heaviest phrases are drawn from.
        templates: shapes with {span}, {rest} and {other}. Empty: those of the language.
        queries: how many in all; documents are drawn by their ids. None: all documents.

    Returns:
        Queries of kind "span_question", in the order of the corpus.

    Example:
        >>> from acclimate.parts.part import Context
        >>> from acclimate.testing import toys
        >>> part = SpanQuestions(templates=("what is {span}",), pool=1)
        >>> part(toys.CORPUS.head(4).take([3]), Context())["text"]
        ['what is rubber pads']
    """

    per_document: int = 1
    at_most_words: int = 3
    rest_words: int = 6
    pool: int = 10
    templates: tuple[str, ...] = ()
    queries: int | None = None

    def __call__(self, corpus: Corpus, ctx: Context) -> Queries:
        """Write the questions."""
        titles, texts = corpus["title"], corpus["text"]
        contents = [
            f"{title}. {text}" if title else text for title, text in zip(titles, texts, strict=True)
        ]
        salience = Salience(contents)

        def write(row: int, rng: Rng) -> Iterator[tuple[str, str]]:
            text = contents[row]
            phrases = self._phrases(text, salience)[: self.pool]
            language = salience.languages.of(text)
            shapes = self.templates or QUESTIONS.get(language, SHAPELESS)
            for _ in range(self.per_document if phrases else 0):
                first, *more = rng.permutation(drawn([w for _, w in phrases], 2, rng)).tolist()
                fields = {
                    "span": _plain(text, phrases[first][0]),
                    "rest": _rest(text, phrases[first][0], self.rest_words),
                    "other": _plain(text, phrases[more[0]][0]) if more else "",
                }
                fitting = [s for s in shapes if all(fields.get(f) for f in _FIELD.findall(s))]
                if fitting:
                    yield KIND, fitting[int(rng.integers(len(fitting)))].format(**fields)

        return written(self, corpus, ctx, write, self.queries)

    def _phrases(self, text: str, salience: Salience) -> list[tuple[Span, float]]:
        """Phrases with their weights, heaviest first, each wording once."""
        terms = salience.terms(text)
        found: dict[str, tuple[Span, float]] = {}
        run: list[Span] = []
        end = min(len(text), READ_CHARACTERS)
        for a, b in [*spans(text[:end]), (end, end)]:
            known = text[a:b].casefold() in terms
            touches = bool(run) and _NEXT_WORD.fullmatch(text, run[-1][1], a) is not None
            if run and not (known and touches and len(run) < self.at_most_words):
                phrase = text[run[0][0] : run[-1][1]]
                weights = [terms[text[x:y].casefold()][1] for x, y in run]
                weight = sum(weights) / len(weights) ** 0.5
                found.setdefault(phrase.casefold(), ((run[0][0], run[-1][1]), weight))
                run = []
            if known:
                run.append((a, b))
        return sorted(found.values(), key=lambda phrase: -phrase[1])


def _plain(text: str, span: Span) -> str:
    """A phrase as one writes it inside a question: a capital only where it has several."""
    words = text[span[0] : span[1]].split()
    return " ".join(w.lower() if w[:1].isupper() and w[1:].islower() else w for w in words)


def _rest(text: str, span: Span, count: int) -> str:
    """The words that follow a phrase, up to the next punctuation."""
    end = span[1]
    for a, b in spans(text[end : end + 40 * count])[:count]:
        if not _NEXT_WORD.fullmatch(text, end, span[1] + a):
            break
        end = span[1] + b
    return text[span[1] : end].strip()
