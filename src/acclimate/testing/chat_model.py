"""A language model of a few lines, for a real server: what it says can be worked out by hand.

It writes words of the last document, and judges by the words a query shares with a document. Where
an answer has several texts, each has words of its own; of a document it writes with questions, the
answers are the first word. Where it judges and has to say why, it copies the first sentence; what
it is asked besides is as the first thing is.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from acclimate.testing.fakes import words

_FENCED = re.compile(r"<(\w+) ([0-9a-f]{8})>\n(.*?)\n</\1 \2>", re.DOTALL)
SURE = 0.7
"""Probability of the value it decides for; the others share the rest."""
WORD_LOG_PROB = -0.5


def reply(
    messages: Sequence[Mapping[str, str]], schema: Mapping[str, Any] | None, seed: int
) -> Any:
    """What it says, as tokens: (text, log-probability, likely ones in its place)."""
    user = next(m["content"] for m in messages if m["role"] == "user")
    material = [(name, text) for name, _, text in _FENCED.findall(user)]
    if schema is None:
        return _query([text for name, text in material if name == "document"] or [user], seed)
    properties = schema["properties"]
    said = [name for name, kind in properties.items() if kind == {"type": "string"}]
    documents = [text for name, text in material if name == "document"]
    if len(said) == len(properties):
        return _texts(said, documents or [user], seed)
    name, wanted = next((n, kind) for n, kind in properties.items() if n not in said)
    query = next((text for kind, text in material if kind == "query"), "")
    if wanted["type"] == "array":
        order = sorted(range(len(documents)), key=lambda i: (-shared(query, documents[i]), i))
        return [(json.dumps({name: [i + 1 for i in order]}), WORD_LOG_PROB, {})]
    values = wanted.get("enum", [False, True])
    why = dict.fromkeys(said, "".join(documents).partition(".")[0])
    alike = [n for n in properties if n not in said and n != name]
    return _decided(name, values, _choice(values, query, documents), why, alike)


def shared(query: str, document: str) -> float:
    """Share of the query's words that the document has."""
    asked = set(words(query))
    return len(asked & set(words(document))) / max(1, len(asked))


def _choice(values: Sequence[Any], query: str, documents: Sequence[str]) -> int:
    if not documents:
        return 0
    if len(documents) == 2:
        return int(shared(query, documents[1]) > shared(query, documents[0]))
    return min(len(values) - 1, int(shared(query, " ".join(documents)) * len(values)))


def _query(documents: Sequence[str], seed: int) -> list[tuple[str, float, dict[str, float]]]:
    """Six words of the last document, every other one, from a place that the seed decides."""
    found = words(documents[-1]) or ["nothing"]
    digest = hashlib.sha256(f"{seed} {documents[-1]}".encode()).digest()
    start = int.from_bytes(digest[:4], "big") % max(1, len(found) - 10)
    return [
        (w if n == 0 else f" {w}", WORD_LOG_PROB - digest[5 + n] / 256, {})
        for n, w in enumerate(found[start : start + 11 : 2])
    ]


def _texts(
    names: Sequence[str], documents: Sequence[str], seed: int
) -> list[tuple[str, float, dict[str, float]]]:
    """Several texts as one JSON value, each from a place of its own."""
    said = {
        name: "".join(token for token, _, _ in _query(documents, seed + place))
        for place, name in enumerate(names)
    }
    first = said.get("document", "").partition(" ")[0]
    said |= {name: first for name in names if first and name.startswith("answer")}
    return [(json.dumps(said), WORD_LOG_PROB, {})]


def _decided(
    name: str, values: Sequence[Any], chosen: int, why: Mapping[str, str], alike: Sequence[str]
) -> list[tuple[str, float, dict[str, float]]]:
    others = (1 - SURE) / max(1, len(values) - 1)
    quote = isinstance(values[0], str)
    said = [str(v) if quote else json.dumps(v) for v in values]
    others_too = "".join(f', "{n}": {json.dumps(values[chosen])}' for n in alike)
    likely = {s: math.log(SURE if n == chosen else others) for n, s in enumerate(said)}
    reasons = "".join(f"{json.dumps(n)}: {json.dumps(text)}, " for n, text in why.items())
    opening = f'{{{reasons}"{name}": ' + ('"' if quote else "")
    return [
        (opening, -0.01, {}),
        (said[chosen], likely[said[chosen]], likely),
        (('"' if quote else "") + others_too + "}", -0.01, {}),
    ]
