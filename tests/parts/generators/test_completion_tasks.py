"""CompletionTasks: what stands before a cut. [090]"""

import pytest

from acclimate.errors import RecipeError
from acclimate.parts._cloze import readings
from acclimate.parts.generators import CompletionTasks
from acclimate.parts.part import Context
from acclimate.tables import Corpus

LINES = [f"    x{n} = f{n}( {n},  y{n} )" for n in range(100)]
TEXT = "\n\n".join(LINES)
CORPUS = Corpus.of({"doc_id": str(n), "title": "", "text": TEXT} for n in range(50))
WORDS = TEXT.split()


def test_a_cut_is_between_a_fifth_and_four_fifths_of_the_words() -> None:
    """[090]: cut at 20-80 %, left context > 80 words, target > 8."""
    queries = CompletionTasks()(CORPUS, Context())
    ends = [len(TEXT[: TEXT.index(text) + len(text)].split()) for text in queries["text"]]
    assert len(ends) == 50
    assert min(ends) >= 0.2 * len(WORDS)
    assert max(ends) <= 0.8 * len(WORDS)
    assert len(set(ends)) > 30


def test_the_query_is_the_last_lines_that_are_not_empty() -> None:
    """[090]: the last 20 non-empty lines, the one that is cut among them."""
    for text in CompletionTasks()(CORPUS, Context())["text"]:
        lines = [line for line in text.splitlines() if line.strip()]
        assert len(lines) == 20
        assert lines[:-1] == LINES[LINES.index(lines[0]) :][:19]


def test_the_document_is_read_without_the_query() -> None:
    queries = CompletionTasks(context_lines=3)(CORPUS, Context())
    shown = readings(CORPUS, queries)
    assert len(shown) == 50
    for row in queries.dicts():
        rest = shown[row["query_id"]].split()
        assert len(rest) == len(WORDS) - len(row["text"].split())


def test_too_little_before_or_after_the_cut_gives_none() -> None:
    count = len(WORDS)
    assert len(CompletionTasks(at_least_words=count)(CORPUS, Context())) == 0
    assert len(CompletionTasks(rest_words=count)(CORPUS, Context())) == 0


@pytest.mark.parametrize(
    "settings", [{"earliest": 0.9}, {"context_lines": 0}], ids=["no share", "no line"]
)
def test_empty_ranges_are_refused(settings) -> None:
    with pytest.raises(RecipeError, match="shares in this order"):
        CompletionTasks(**settings)
