"""Looking: what a run sees of documents, queries and machine before a recipe is made of it."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from acclimate.models.indexes.words import language_of
from acclimate.models.student import Student
from acclimate.models.weights import EMBEDDED, OWN, embedded
from acclimate.parts._hashing import hashes
from acclimate.parts._near import Sketches
from acclimate.parts._programs import parsed
from acclimate.parts._records import record_of
from acclimate.parts._words import length_words, normal, unspaced
from acclimate.parts.generators._structure import headings, questions
from acclimate.pipeline.finding import looking
from acclimate.pipeline.inputs import Inputs
from acclimate.pipeline.plan import maker_of
from acclimate.recipes.recipe import Recipe, Seen
from acclimate.tables import Corpus

SAMPLE = 1_000
"""Documents that are looked at one by one."""
COMPARED = 2_000
"""Documents that are compared with each other."""
FIRST = 60
"""Characters by which those are drawn: documents that begin alike are drawn together."""
BEGINNING = 1_000
"""Characters of a document by which it is compared."""
NEAR, WIDTH, ONE_IN = 0.8, 6, 4
"""As `HoldOut` compares: Jaccard similarity of runs of characters, one in four of them."""
READ = 200
"""Documents whose tokens are looked at."""
FIELDS = 3
"""Of a record, at least."""

UNKNOWN = ("[UNK]", "<unk>")

_PYTHON = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
_CODE_LINE = re.compile(
    r"[;{}]\s*$|^\s*(?:def|class|import|from|return|if|elif|else|for|while|try|except|with|"
    r"public|private|static|func|fn|var|let|const|package|using|#include|@\w+|//|/\*|\*)\b.*"
    r"[:;{(\"'\w)]$|\w\(.*\)\s*[:;,)]*$|^\s*[\w.\[\]'\"]+\s*[-+*/|&]?=(?!=)\s*\S"
)


def sighted(
    given: Recipe | str | Callable[..., Recipe], inputs: Inputs, minutes: float | None
) -> Recipe | str | Callable[..., Recipe]:
    """What makes the recipe, with what the run sees bound to it where it wants to know."""
    if isinstance(given, Recipe):
        return given
    maker = maker_of(given)
    name = looking(maker)
    if isinstance(maker, functools.partial) and name in maker.keywords:
        return given
    return given if name is None else functools.partial(maker, **{name: look(inputs, minutes)})


def look(inputs: Inputs, minutes: float | None) -> Seen:
    """What there is. The same documents, student and machine give the same."""
    import torch

    corpus = inputs.corpus
    some = _spread(corpus, SAMPLE)
    texts, metas = some["text"], some["meta"]
    code = np.asarray([is_code(text) for text in texts], dtype=bool)
    fields = [is_record(meta, text) for meta, text in zip(metas, texts, strict=True)]
    structured = [
        not own and is_structured(text) for own, text in zip(code.tolist(), texts, strict=True)
    ]
    return Seen(
        documents=len(corpus),
        words=_mean([length_words(text) for text in some.contents]),
        language=language_of(some.contents),
        code=_mean(code),
        records=_mean(fields),
        structure=_mean(structured),
        copies=copies(corpus),
        unread=unread(inputs.student, _spread(corpus, READ).contents),
        log=0 if inputs.log is None else len(inputs.log),
        cores=torch.get_num_threads(),
        gpu=torch.cuda.is_available(),
        weights_mib=_size_mib(inputs.student),
        minutes=minutes,
        bundled=bundled(),
    )


def is_code(text: str) -> bool:
    """Whether a text is Python that defines or imports something, or most lines are of code."""
    tree = parsed(text)
    if tree is not None and any(isinstance(node, _PYTHON) for node in tree.body):
        return True
    lines = [line for line in text.splitlines() if line.strip()]
    return len(lines) > 1 and _mean([bool(_CODE_LINE.search(line)) for line in lines]) > 0.5


def is_record(meta: str | None, text: str) -> bool:
    """Whether a document has three fields or more, with at least as many words as its prose."""
    fields = list(record_of(meta, text))
    told = sum(length_words(value) for _, value in fields)
    inside = sum(length_words(f"{n} {v}") for n, v in fields if v in text)
    return len(fields) >= FIELDS and told >= length_words(text) - inside


def is_structured(text: str) -> bool:
    """Whether a text has a heading or a listed question."""
    return next(headings(text), None) is not None or next(questions(text), None) is not None


def copies(corpus: Corpus) -> float:
    """Share of documents that are near-duplicates of an earlier one, by their beginnings."""
    contents = corpus.contents
    luck = hashes([normal(text[:FIRST]) for text in contents], 0)
    drawn = np.sort(np.argsort(luck, kind="stable")[:COMPARED])
    beginnings = [contents[row][:BEGINNING] for row in drawn.tolist()]
    return _mean(Sketches(beginnings, NEAR, width=WIDTH, sample=ONE_IN).repeated())


def unread(student: Student, texts: Sequence[str]) -> float:
    """Share of the tokens that a student does not know, or knows as single letters of a word.

    In scripts without spaces a character alone is often a word, and counts as known.
    """
    from tokenizers import Tokenizer

    path = next(student.encoder.folder().rglob("tokenizer.json"), None)
    if path is None:
        return 0.0
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    unknown = {tokenizer.token_to_id(name) for name in UNKNOWN}
    lost: list[bool] = []
    for text in texts:
        read = tokenizer.encode(text[:BEGINNING], add_special_tokens=False)
        lost += [
            number in unknown or _letter(text, *place)
            for number, place in zip(read.ids, read.offsets, strict=True)
        ]
    return _mean(lost)


def bundled() -> tuple[str, ...]:
    """The models of acclimate-offline that are installed, by their role."""
    ours = (name.removeprefix(OWN) for name in EMBEDDED if name.startswith(OWN))
    return tuple(role for role in ours if embedded(OWN + role))


def _letter(text: str, start: int, end: int) -> bool:
    """Whether a token is one letter of a longer word of a script with spaces."""
    own = text[start:end]
    around = text[start - 1 : start] + text[end : end + 1] if start else text[end : end + 1]
    beside = any(character.isalpha() for character in around)
    return len(own) == 1 and own.isalpha() and beside and not unspaced(own)


def _spread(corpus: Corpus, count: int) -> Corpus:
    """At most so many documents, spread evenly over the corpus."""
    if len(corpus) <= count:
        return corpus
    return corpus.take(np.unique(np.linspace(0, len(corpus) - 1, count).astype(np.int64)))


def _mean(values: Iterable[float]) -> float:
    there = np.asarray(list(values), dtype=np.float64)
    return round(float(there.mean()), 4) if len(there) else 0.0


def _size_mib(student: Student) -> float:
    files = (p for p in student.encoder.folder().rglob("*.safetensors") if p.is_file())
    return round(sum(p.stat().st_size for p in files) / 2**20, 1)
