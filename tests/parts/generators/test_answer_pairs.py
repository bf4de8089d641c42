"""AnswerPairs: answered questions and the documents that hold the answers. [104]"""

import json
from pathlib import Path

import pytest

from acclimate.errors import RecipeError
from acclimate.parts.generators import AnswerPairs
from acclimate.parts.generators.answer_pairs import holders
from acclimate.parts.part import Context
from acclimate.tables import Corpus, LogFile
from acclimate.testing import behaviour, toys

CORPUS = Corpus.of(
    {"doc_id": name, "title": "", "text": text}
    for name, text in (
        ("bridge", "The old bridge was opened in 1932."),
        ("school", "The school was opened in 1932 too."),
        ("fire", "The mill burned down in 1932, and the barn."),
        ("mayor", "The mayor lives in Mill Lane."),
        ("tokyo", "東京は日本の首都です。"),
    )
)


def log_of(folder: Path, *rows: dict[str, str]) -> LogFile:
    path = folder / "answers.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    return LogFile(str(path))


def found(folder: Path, *rows: dict[str, str], **settings: int) -> tuple[list[str], Context]:
    ctx = Context()
    queries = AnswerPairs(log=log_of(folder, *rows), **settings)(CORPUS, ctx)
    return queries["source_doc_id"], ctx


def test_a_question_asks_for_the_document_that_holds_its_answer() -> None:
    """[104]: pairs of questions and passages from lists of questions with answers."""
    queries = AnswerPairs(log=toys.ANSWERS)(toys.CORPUS, Context())
    assert list(zip(queries["text"], queries["source_doc_id"], strict=True)) == [
        ("where do bees keep their honey", "bees"),
        ("how much sun do tomatoes need a day", "tomatoes"),
        ("what is a comet made of", "comets"),
        ("how often should I turn the heap", "compost"),
    ]


def test_the_answers_come_along() -> None:
    """[104]: so that who reads or looks for answers can label the questions."""
    queries = AnswerPairs(log=toys.ANSWERS)(toys.CORPUS, Context())
    assert queries["answer"] == ["wax cells", "six hours of sun", "ice and dust", "Every week"]


def test_a_row_that_names_its_document_needs_no_answer(tmp_path: Path) -> None:
    log = log_of(tmp_path, {"question": "a", "doc_id": "fire"})
    assert AnswerPairs(log=log)(CORPUS, Context())["answer"] == [None]


def test_of_several_documents_that_with_most_words_of_the_question(tmp_path: Path) -> None:
    row = {"question": "when was the school opened", "answer": "1932"}
    assert found(tmp_path, row)[0] == ["school"]


def test_an_answer_that_stands_in_too_many_documents_says_nothing(tmp_path: Path) -> None:
    row = {"question": "when was the school opened", "answer": "1932"}
    sources, ctx = found(tmp_path, row, at_most_documents=2)
    assert sources == []
    assert ctx.notes["log"] == {"rows": 1, "answers that stand in too many documents": 1}


def test_an_answer_that_stands_nowhere_is_counted(tmp_path: Path) -> None:
    sources, ctx = found(tmp_path, {"question": "who?", "answer": "the mayor of Mill Lane"})
    assert sources == []
    assert ctx.notes["log"] == {"rows": 1, "answers that stand nowhere": 1}


def test_a_row_may_name_its_document(tmp_path: Path) -> None:
    rows = [{"question": q, "doc_id": d, "answer": "1932"} for q, d in (("a", "fire"), ("b", "x"))]
    sources, ctx = found(tmp_path, *rows)
    assert sources == ["fire"]
    assert ctx.notes["log"]["such as"] == ["x"]


def test_words_out_of_order_are_no_answer() -> None:
    assert holders(["in Mill Lane", "Lane Mill", "1932"], CORPUS["text"]) == [[3], [], [0, 1, 2]]


def test_scripts_without_spaces_are_searched_as_they_stand() -> None:
    assert holders(["日本の首都"], CORPUS["text"]) == [[4]]


def test_no_documents_are_refused() -> None:
    with pytest.raises(RecipeError, match="1 or more"):
        AnswerPairs(log=toys.ANSWERS, at_most_documents=0)


def test_it_obeys_the_laws_of_generators() -> None:
    behaviour.check_all(AnswerPairs(log=toys.ANSWERS), folder="generators")
