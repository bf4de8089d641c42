"""Turns: who said what in a conversation, and what came after."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np

from acclimate.models.ref import Floats
from acclimate.parts._words import Span

_SPEAKER = re.compile(
    r"^[ \t>*_-]*(?:\[[^\]\n]*\][ \t]*)?(\w[\w .'-]{0,24}?)[*_]*:[*_]*[ \t]+", re.M
)


def turns_of(text: str) -> list[tuple[str, Span]]:
    """Who said what, in order: names in small letters, and where their words are.

    Empty where fewer than two speak, or where more than half of the turns are of a name of their
    own, as in a list of definitions.
    """
    found = list(_SPEAKER.finditer(text))
    bounds = [*(match.start() for match in found), len(text)]
    said = [
        (
            match.group(1).casefold(),
            (match.end(), match.end() + len(text[match.end() : end].rstrip())),
        )
        for match, end in zip(found, bounds[1:], strict=True)
    ]
    names = {name for name, _ in said}
    return said if 1 < len(names) <= max(2, len(said) // 2) else []


def reply(text: str, query: str) -> str:
    """What was said right after a query that was cut out of a conversation; empty: nothing.

    Example:
        >>> talk = '''Ann: Does it leak?
        ... Bob: It does.'''
        >>> reply(talk, "Does it leak?")
        'It does.'
    """
    said = turns_of(text)
    for (_, (_, end)), (_, (start, after)) in pairwise(said):
        if query and " ".join(text[:end].split()).endswith(query):
            return " ".join(text[start:after].split())
    return ""


def chances(count: int) -> Floats:
    """The chance of each number of another conversation's first turns, from 1 to N, (N,).

    Example:
        >>> chances(3).round(3).tolist()  # 3, 2 and 1 of 6
        [0.5, 0.333, 0.167]
    """
    weights = np.arange(count, 0, -1)
    return np.asarray(weights / weights.sum())
