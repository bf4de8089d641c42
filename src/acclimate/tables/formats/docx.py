"""Word documents (.docx) through markitdown, as Markdown."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from xml.parsers.expat import ExpatError

from acclimate.errors import TableError
from acclimate.tables.formats.extra import docs_library
from acclimate.tables.formats.lines import opened
from acclimate.tables.intake import Tally

MALFORMED = (
    zipfile.BadZipFile,
    ExpatError,
    OSError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    RecursionError,
)
"""What comes through from files that break the format's rules."""


def read_docx(path: Path, name: str, tally: Tally) -> dict[str, str]:
    """Title and text, headings and tables as Markdown."""
    del tally
    markitdown = docs_library("markitdown")
    docs_library("mammoth")  # what markitdown itself reads .docx with
    # The converter itself: `MarkItDown.convert` would read any zip archive as a folder of files.
    converter = markitdown.converters.DocxConverter()
    kind = markitdown.StreamInfo(extension=".docx")
    with opened(path, name) as file:
        data = file.read()
    try:
        found = converter.convert(io.BytesIO(data), kind)
    except (markitdown.MarkItDownException, *MALFORMED) as error:
        raise TableError(
            f"{name} cannot be read as .docx ({type(error).__name__}: {error}). Save it again as "
            ".docx; an old .doc must be converted."
        ) from error
    return {"title": found.title or "", "text": found.markdown}
