"""What authors wrote beside a text: headings, questions, the words of links, fields of a row."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator, Sequence

from acclimate.parts._words import clean, length_words, sentences
from acclimate.tables import Corpus

FIELDS = ("question", "abstract", "summary", "subtitle", "caption")
"""Fields of a row, beside its text, that say what the text is about."""

_CODE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(
    r"^(?:#{1,6}[ \t]+(?P<marked>\S.*?)[ \t]*#*"
    r"|={2,6}[ \t]*(?P<wiki>[^=\s][^=\n]*?)[ \t]*={2,6}"
    r"|\d{1,2}(?:\.\d{1,2})+\.?[ \t]+(?P<numbered>\w[^\n]*?[^\s.,;:!])"
    r"|(?P<underlined>\w[^\n]*)\n[ \t]*(?:={3,}|-{3,}|~{3,}|\^{3,}))[ \t]*$",
    re.MULTILINE,
)
_ASKS = ("?", "？", "؟")  # noqa: RUF001 (the marks of other scripts are meant)
_CLOSING = " \t\n\"'”’»)]*_`"  # noqa: RUF001
_LETTER = re.compile(r"^(?:[QF]|Question|Frage|Pregunta|Domanda)\s*\d*\s*[:.)]\s*", re.IGNORECASE)
_QUESTION = re.compile(r"^[^\w\n]*\w(?:[^\n?？؟.!]|[.!](?!\s))*[?？؟]", re.MULTILINE)  # noqa: RUF001
_ANSWER_WORDS = 3
_ANSWER_CHARACTERS = 400
_LINK = re.compile(
    r"(?<!!)\[(?P<text>[^\]\[\n]+)\]\(\s*<?(?P<target>[^)\s>]+)"
    r"|\[\[(?P<page>[^\]\[|#\n]+)[^\]\[|\n]*(?:\|(?P<label>[^\]\[\n]+))?\]\]"
    r"|<a\s[^>]*?href=[\"'](?P<href>[^\"']+)[\"'][^>]*>(?P<inner>[^<]+)</a>",
    re.IGNORECASE,
)
_FRAGMENT = re.compile(r"[#?].*$")


def headings(text: str) -> Iterator[str]:
    """Headings of Markdown, of wikis, underlined or numbered (1.2), outside of fenced code."""
    for match in _HEADING.finditer(_CODE.sub("", text)):
        yield clean(next(group for group in match.groups() if group is not None))


def questions(text: str) -> Iterator[str]:
    """Questions that begin a line, followed by what is none: those of a list of them (FAQ)."""
    for match in _QUESTION.finditer(text):
        rest = text[match.end() : match.end() + _ANSWER_CHARACTERS].lstrip(_CLOSING)
        answer = next((rest[a:b] for a, b in sentences(rest)), "")
        if not _asks(answer) and length_words(answer) >= _ANSWER_WORDS:
            yield _LETTER.sub("", clean(match.group()))


def fields(meta: str | None, names: Sequence[str] = FIELDS) -> Iterator[str]:
    """The texts a row brought beside its own, of fields with these names."""
    found = json.loads(meta) if meta else {}
    for name, value in found.items() if isinstance(found, dict) else ():
        if isinstance(value, str) and name.strip().lower() in names:
            yield clean(value)


class Links:
    """Links of documents to one another.

    Args:
        corpus: targets are known by their ids or paths, by the title, or by a field `url`; pieces
            of a document by what it is: its first piece stands for it.
    """

    def __init__(self, corpus: Corpus) -> None:
        self._ids = corpus["doc_id"]
        self._parents = corpus["parent_id"]
        self._rows: dict[str, int] = {}
        rows = zip(self._ids, self._parents, corpus["title"], corpus["meta"], strict=True)
        for row, (doc_id, parent, title, meta) in enumerate(rows):
            urls = fields(meta, ("url",)) if meta and '"url"' in meta else ()
            for name in (doc_id, parent, title.casefold(), *urls):
                if name:
                    self._rows.setdefault(name, row)

    def of(self, row: int, text: str) -> Iterator[tuple[str, int]]:
        """The words of each link in a document's text, and the document it leads to."""
        base = posixpath.dirname(self._parents[row] or self._ids[row])
        own = self._parents[row] or self._ids[row]
        for match in _LINK.finditer(text):
            words = match["text"] or match["label"] or match["page"] or match["inner"]
            target = self._row(match["target"] or match["href"] or match["page"], base)
            if target is not None and (self._parents[target] or self._ids[target]) != own:
                yield clean(words), target

    def _row(self, target: str, base: str) -> int | None:
        bare = _FRAGMENT.sub("", target.strip())
        if not bare:
            return None
        path = posixpath.normpath(posixpath.join(base, bare))
        names = (bare, path, bare.lstrip("/"), f"{path}.md", bare.replace("_", " ").casefold())
        return next((self._rows[name] for name in names if name in self._rows), None)


def _asks(sentence: str) -> bool:
    return sentence.rstrip(_CLOSING).endswith(_ASKS)
