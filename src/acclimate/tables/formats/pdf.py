"""PDF through pypdf. A scanned page has no text: recognise it with another program first."""

from __future__ import annotations

import io
import zlib
from pathlib import Path

from acclimate.errors import TableError
from acclimate.tables.formats.extra import docs_library
from acclimate.tables.formats.lines import opened
from acclimate.tables.intake import Tally

MALFORMED = (
    OSError,
    zlib.error,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    RecursionError,
    OverflowError,
    NotImplementedError,
)
"""What pypdf lets through from files that break the format's rules."""


def read_pdf(path: Path, name: str, tally: Tally) -> dict[str, str]:
    """Title and text of all pages."""
    del tally
    pypdf = docs_library("pypdf")
    with opened(path, name) as file:
        data = file.read()
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        pages = [page.extract_text() for page in reader.pages]
        title = (reader.metadata.title if reader.metadata else None) or ""
    except (pypdf.errors.PyPdfError, pypdf.errors.DependencyError, *MALFORMED) as error:
        raise TableError(
            f"{name} cannot be read as PDF ({type(error).__name__}: {error}). Save it again from "
            "a PDF viewer, without a password, or remove it."
        ) from error
    return {"title": str(title), "text": "\n\n".join(page.strip() for page in pages).strip()}
