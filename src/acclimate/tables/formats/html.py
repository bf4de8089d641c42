"""Web pages (.html, .htm) through trafilatura: the main text, without menus and footers."""

from __future__ import annotations

from pathlib import Path

from acclimate.tables.formats.extra import docs_library
from acclimate.tables.formats.lines import opened
from acclimate.tables.intake import Tally


def read_html(path: Path, name: str, tally: Tally) -> dict[str, str]:
    """Title and main text; all visible text where no main part is found, which is counted."""
    trafilatura = docs_library("trafilatura")
    with opened(path, name) as file:
        page = file.read()
    found = trafilatura.bare_extraction(page, include_comments=False, with_metadata=True)
    if found and found.text and found.text.strip():
        return {"title": found.title or "", "text": found.text}
    text = trafilatura.html2txt(page) if page.strip() else ""
    if text.strip():
        tally.count("web page without a main part: all its text taken", name)
    return {"title": "", "text": text}
