"""Files that are one document each: .txt and .md, and .html, .pdf, .docx through `docs`."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from acclimate.errors import TableError
from acclimate.tables.formats.docx import read_docx
from acclimate.tables.formats.html import read_html
from acclimate.tables.formats.lines import read_text
from acclimate.tables.formats.pdf import read_pdf
from acclimate.tables.formats.record import Origin, Record
from acclimate.tables.intake import Tally

logger = logging.getLogger(__name__)


def read_plain(path: Path, name: str, tally: Tally) -> dict[str, str]:
    """The text as it is."""
    return {"title": "", "text": read_text(path, Origin(name), tally)}


def read_markdown(path: Path, name: str, tally: Tally) -> dict[str, str]:
    """The text as it is; a first heading of level 1 becomes the title."""
    text = read_text(path, Origin(name), tally).lstrip("\n")
    first, _, rest = text.partition("\n")
    if first.startswith("# ") and rest.strip():
        return {"title": first[2:].strip(), "text": rest.lstrip("\n")}
    return {"title": "", "text": text}


WHOLE: Mapping[str, Callable[[Path, str, Tally], dict[str, str]]] = {
    ".txt": read_plain,
    ".text": read_plain,
    ".rst": read_plain,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".pdf": read_pdf,
    ".docx": read_docx,
}


def read_whole(path: Path, name: str, tally: Tally) -> Iterator[Record]:
    """A file as one document; its name is its id."""
    fields = WHOLE[path.suffix.lower()](path, name, tally)
    yield Record({"id": name, **fields}, Origin(name), 0)


def read_all_whole(paths: Mapping[str, Path], tally: Tally) -> Iterator[Record]:
    """Many files as one document each; one that cannot be read is counted and passed over."""
    for name, path in paths.items():
        try:
            yield from read_whole(path, name, tally)
        except TableError as error:
            logger.warning("skipped: %s", error)
            tally.read += 1
            tally.count("unreadable file: skipped", name)
