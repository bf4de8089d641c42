"""ChatWriter: a Haystack ChatGenerator as a writer of queries."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Sequence
from typing import Any

import numpy as np
from haystack import logging
from haystack.components.builders import PromptBuilder
from haystack.dataclasses import ChatMessage

from acclimate.errors import ServiceError
from acclimate.models.ref import Integers, Written

logger = logging.getLogger(__name__)

TEMPLATE = """
You write search queries for a retrieval system.
Read the document and write {{ count }} different queries that a person would type to find it.
Use the person's words rather than the document's, mix keywords and questions, do not number them,
and write in the language of the document.

Document:
{{ document }}

Answer with a JSON object and nothing else: {"queries": ["…", "…"]}
"""
"""Its variables are `document` and `count`."""


class ChatWriter:
    """Asks for all queries of a document in one message.

    Args:
        generator: any ChatGenerator.
        template: the message, in Jinja.
    """

    def __init__(self, generator: Any, template: str | None = None) -> None:
        self.generator = generator
        self._prompt = PromptBuilder(
            template=template or TEMPLATE, required_variables=["document", "count"]
        )
        self._name = uuid.uuid4().hex

    def __repr__(self) -> str:
        return f"ChatWriter({type(self.generator).__name__})"

    def open(self, device: str) -> ChatWriter:
        """Itself: the generator has its own place to work."""
        del device
        return self

    def fingerprint(self) -> str:
        """A name of its own: what a service answers is never taken for another's."""
        return self._name

    def count_tokens(self, prompts: Sequence[str]) -> Integers:
        """Words of each prompt: enough to tell long from short."""
        return np.asarray([max(1, len(prompt.split())) for prompt in prompts], dtype=np.int64)

    def write(self, prompts: Sequence[str], *, count: int, seed: int) -> list[list[Written]]:
        """Up to `count` queries for each document, filled up with empty ones.

        Raises:
            ServiceError: when no reply to several documents can be read.
        """
        del seed
        found = [self._ask(prompt, count) for prompt in prompts]
        if len(found) > 1 and not any(found):
            raise ServiceError(
                f"{self!r} gave no readable reply to {len(found)} documents. A reply must be JSON "
                'like {"queries": ["…"]}; see the log for the last one.'
            )
        return [
            [Written(text) for text in (*texts, *[""] * (count - len(texts)))] for texts in found
        ]

    def _ask(self, document: str, count: int) -> list[str]:
        prompt = self._prompt.run(document=document, count=count)["prompt"]
        replies = self.generator.run(messages=[ChatMessage.from_user(prompt)])["replies"]
        text = (replies[0].text or "") if replies else ""
        texts = _parsed(text)
        if not texts:
            logger.warning(
                "{generator} gave no queries for a document; its reply was {reply}",
                generator=type(self.generator).__name__,
                reply=repr(text[:200]),
            )
        return texts[:count]


def _parsed(text: str) -> list[str]:
    """The queries of a reply, also of one with words or a code fence around the JSON."""
    found = re.search(r"\{.*\}", text, re.DOTALL)
    try:
        value = json.loads(found[0]) if found else None
    except ValueError:
        return []
    queries = value.get("queries") if isinstance(value, dict) else None
    if not isinstance(queries, list):
        return []
    return [q.strip() for q in queries if isinstance(q, str) and q.strip()]
