"""Endpoint: where a model is asked, and what may be sent there."""

from __future__ import annotations

import ipaddress
import os
from urllib.parse import urlsplit

from acclimate.errors import ModelError

OFFLINE = "ACCLIMATE_OFFLINE"
"""Environment variable: set to 1, nothing leaves this machine."""
NO_KEY = "none"
"""Sent where a server wants no key: the client insists on one."""


def checked(url: str) -> str:
    """An address without a trailing slash.

    Raises:
        ModelError: when it is no http address, or holds a user name or a password.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ModelError(
            f"{url!r} is no endpoint. Give it as http://127.0.0.1:8000/v1 or https://host/v1."
        )
    if parts.username or parts.password or parts.query:
        raise ModelError(
            "An endpoint's address holds no user, password or query: they would be written into "
            "reports. Give the key in the environment."
        )
    return url.rstrip("/")


def is_local(url: str) -> bool:
    """Whether an address is this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def check_egress(url: str) -> None:
    """Whether anything may be sent there.

    Raises:
        ModelError: when this process is offline and the address is another machine.
    """
    if not is_local(url) and os.environ.get(OFFLINE, "") not in {"", "0"}:
        raise ModelError(
            f"{urlsplit(url).hostname} is another machine and {OFFLINE} is set: nothing is sent. "
            f"Name a server on this machine, or unset {OFFLINE}."
        )


def key_for(url: str, variable: str) -> str:
    """The key from the environment, or none.

    A key goes over an encrypted connection or stays on this machine; a plain connection to
    another machine gets none, whatever the environment holds.
    """
    private = urlsplit(url).scheme == "https" or is_local(url)
    return (os.environ.get(variable, "") if private else "") or NO_KEY


def advice(url: str, variable: str) -> str:
    """What to do when the server refuses the key."""
    if key_for(url, variable) != NO_KEY:
        return f"It refuses the key in {variable}."
    if os.environ.get(variable):
        return f"The key in {variable} is not sent over plain http to another machine. Use https."
    return f"It wants a key: put it into the environment variable {variable}."
