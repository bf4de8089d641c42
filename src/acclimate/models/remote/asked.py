"""Asked: a model behind an endpoint, as those who ask it see it; see `Remote`."""

from __future__ import annotations

from typing import Protocol

from acclimate.models.prompts import Form


class Asked(Protocol):
    """Where a model is, and how it is asked."""

    @property
    def model(self) -> str:
        """Its name at the endpoint."""
        ...

    @property
    def url(self) -> str:
        """Of the endpoint."""
        ...

    @property
    def temperature(self) -> float | None:
        """Of drawing; None: as the form says."""
        ...

    @property
    def max_tokens(self) -> int:
        """Length of an answer at most."""
        ...

    @property
    def key(self) -> str:
        """Name of the environment variable that holds the key."""
        ...

    @property
    def at_once(self) -> int:
        """Requests at once at most."""
        ...

    @property
    def timeout_seconds(self) -> float:
        """Until a request is given up."""
        ...

    @property
    def tries(self) -> int:
        """Failed requests of a record at most."""
        ...

    @property
    def price_in(self) -> float:
        """Money per million tokens read."""
        ...

    @property
    def price_out(self) -> float:
        """Money per million tokens written."""
        ...

    @property
    def redact(self) -> str | None:
        """Name of what sees every text before it is sent."""
        ...

    @property
    def form(self) -> Form:
        """What an answer must look like."""
        ...

    def cost(self, tokens_in: float, tokens_out: float) -> float:
        """Money for so many tokens."""
        ...

    def fingerprint(self) -> str:
        """Hash of all that changes what is sent."""
        ...
