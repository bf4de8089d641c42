"""Runs of words that several passages have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from acclimate.parts._words import Span, spans

Split = dict[str | None, list[int]]


@dataclass(frozen=True, slots=True)
class Recurring:
    """A run of words.

    Args:
        words: how many.
        places: where it stands: (passage, its first word there), in order.
    """

    words: int
    places: tuple[tuple[int, int], ...]


def recurring(
    passages: Sequence[str],
    *,
    at_least_words: int = 2,
    at_most_words: int = 10,
    fits: Callable[[Sequence[str]], bool] = lambda words: True,
) -> list[Recurring]:
    """The maximal runs of words that stand in two passages or more, in order of coming.

    A run is maximal when it can be made longer on neither side without losing a place. Runs end at
    punctuation. They grow by one word at a time, and only those that still recur do, so that the
    work follows the text that is repeated.

    Args:
        passages: their texts.
        at_least_words: of a run.
        at_most_words: of a run; one of a longer run that recurs as a whole is not maximal.
        fits: whether a run is wanted, by its words in small letters.
    """
    tokens, origin = _tokens(passages)
    groups = list(_recurs(_split(range(len(tokens)), tokens, 0), origin))
    found = []
    for length in range(1, at_most_words + 1):
        longer: list[list[int]] = []
        for group in groups:
            following = _split(group, tokens, length)
            longer.extend(_recurs(following, origin))
            maximal = _differ(following) and _differ(_split(group, tokens, -1))
            run = [str(token) for token in tokens[group[0] : group[0] + length]]
            if length >= at_least_words and maximal and fits(run):
                found.append(Recurring(length, tuple(origin[at] for at in group)))
        groups = longer
    return sorted(found, key=lambda run: (run.places[0], run.words))


def _tokens(passages: Sequence[str]) -> tuple[list[str | None], list[tuple[int, int]]]:
    """The words of all passages, None between them and at punctuation, and where each stands."""
    tokens: list[str | None] = [None]
    origin = [(-1, -1)]
    for number, text in enumerate(passages):
        end = 0
        for word, (a, b) in enumerate(spans(text)):
            if word and text[end:a].strip():
                tokens.append(None)
                origin.append((-1, -1))
            tokens.append(text[a:b].casefold())
            origin.append((number, word))
            end = b
        tokens.append(None)
        origin.append((-1, -1))
    return tokens, origin


def _split(group: Sequence[int], tokens: list[str | None], step: int) -> Split:
    """Places by the word that stands `step` after each."""
    found: Split = defaultdict(list)
    for at in group:
        found[tokens[at + step]].append(at)
    return found


def _recurs(groups: Split, origin: list[tuple[int, int]]) -> Iterator[list[int]]:
    """The groups of places that are in two passages or more."""
    for word, group in groups.items():
        if word is not None and len({origin[at][0] for at in group}) > 1:
            yield group


def _differ(neighbours: Split) -> bool:
    """Whether the places do not all have one and the same word there."""
    return len(neighbours) > 1 or None in neighbours


def around(text: str, first: int, words: int, window: Span) -> tuple[str, str, str]:
    """A window of a text in three: before a run of its words, the run, and after it.

    Args:
        text: the text.
        first: first word of the run.
        words: of the run.
        window: first word of the window, and the one behind its last.
    """
    places = list(chain(spans(text), [(len(text), len(text))]))
    start, end = places[window[0]][0], places[window[1] - 1][1]
    inner, outer = places[first][0], places[first + words - 1][1]
    return text[start:inner], text[inner:outer], text[outer:end]
