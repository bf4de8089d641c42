"""A chat generator that answers at once, in one file so that saved pipelines find it."""

from typing import Any

from haystack import component
from haystack.dataclasses import ChatMessage


@component
class Echo:
    """Asks for the document's first words, or replies what it is told to."""

    def __init__(self, reply: str | None = None) -> None:
        self.reply = reply

    @component.output_types(replies=list[ChatMessage])
    def run(self, messages: list[ChatMessage]) -> dict[str, Any]:
        """One reply."""
        document = (messages[0].text or "").partition("Document:\n")[2].split()
        first = f'{{"queries": ["where is {document[0]}", "what about {document[1]}"]}}'
        return {"replies": [ChatMessage.from_assistant(self.reply or first)]}
