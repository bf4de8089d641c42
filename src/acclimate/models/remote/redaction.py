"""Redaction: a function that sees every text before it leaves this machine."""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import inspect
import re
from collections.abc import Callable
from pathlib import Path

from acclimate.errors import ModelError

Redact = Callable[[str], str]

_PERSONAL = (
    ("EMAIL", re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b")),
    ("KEY", re.compile(r"\b(?:sk|pk|ghp|gho|xox[bap]|AKIA)[-_A-Za-z0-9]{16,}\b")),
    ("IBAN", re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,4})?\b")),
    ("CARD", re.compile(r"\b(?:\d[ -]?){13,16}\b")),
    ("PHONE", re.compile(r"(?<![\w.])\+?\d{1,3}[ ./-]?\(?\d{2,4}\)?(?:[ ./-]\d{2,4}){2,4}(?!\w)")),
    ("ADDRESS", re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}\b")),
)


def personal(text: str) -> str:
    """Addresses of mail and machines, numbers of phones, cards and accounts, and keys, by name.

    Patterns find what has a fixed shape; names of people they do not find.

    Example:
        >>> personal("Write to ada@example.org or call +44 20 7946 0958.")
        'Write to [EMAIL] or call [PHONE].'
    """
    for name, pattern in _PERSONAL:
        text = pattern.sub(f"[{name}]", text)
    return text


def find(name: str) -> Redact:
    """The function that `module:function` or `file.py:function` names.

    Raises:
        ModelError: when there is none.
    """
    if name == "personal":
        return personal
    place, _, function = name.rpartition(":")
    try:
        if place.endswith(".py"):
            spec = importlib.util.spec_from_file_location(Path(place).stem, place)
            if spec is None or spec.loader is None:
                raise ImportError(place)
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
        else:
            module = importlib.import_module(place)
        found: Redact = getattr(module, function)
    except (ImportError, AttributeError, ValueError, OSError) as error:
        raise ModelError(
            f"redact={name!r} names no function ({error}). Give personal, module:function or "
            "file.py:function."
        ) from error
    return found


def fingerprint(name: str | None) -> str:
    """Hash of a redaction's source: another rule sends other texts."""
    if name is None:
        return ""
    return hashlib.sha256(inspect.getsource(find(name)).encode()).hexdigest()
