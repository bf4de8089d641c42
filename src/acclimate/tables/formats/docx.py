"""Word documents (.docx) through markitdown, as Markdown."""

from __future__ import annotations

import zipfile
from pathlib import Path

from acclimate.errors import TableError
from acclimate.tables.formats.extra import docs_library
from acclimate.tables.intake import Tally


def read_docx(path: Path, name: str, tally: Tally) -> dict[str, str]:
    """Title and text, headings and tables as Markdown."""
    del tally
    markitdown = docs_library("markitdown")
    if not zipfile.is_zipfile(path):
        raise TableError(
            f"{name} is no .docx file: it is not a zip archive. Save it again as "
            ".docx (an old .doc must be converted)."
        )
    try:
        found = markitdown.MarkItDown(enable_plugins=False).convert_local(path)
    except markitdown.MarkItDownException as error:
        raise TableError(f"{name} cannot be read as .docx: {error}. Save it again.") from error
    return {"title": found.title or "", "text": found.text_content}
