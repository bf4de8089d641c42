"""Instructed: a query and what is asked of its documents besides, in one text of two lines.

A student reads the line break as a blank, so that the text is one question to it; what comes
behind can still be told from the query.

Example:
    >>> text = joined("bees in winter", "Only documents about wild bees.")
    >>> split(text)
    ('bees in winter', 'Only documents about wild bees.')
    >>> split("bees in winter")
    ('bees in winter', '')
"""

from __future__ import annotations

KIND = "instructed"
"""Of queries with an instruction."""


def joined(query: str, instruction: str) -> str:
    """A query with its instruction."""
    return f"{' '.join(query.split())}\n{' '.join(instruction.split())}"


def split(text: str) -> tuple[str, str]:
    """A query and its instruction; "" where it has none."""
    query, _, instruction = text.partition("\n")
    return query, " ".join(instruction.split())
