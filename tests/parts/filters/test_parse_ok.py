"""ParseOK: whole programs stay. [041]"""

from acclimate.parts.filters import ParseOK
from acclimate.parts.part import Context
from acclimate.tables import Corpus

CORPUS = Corpus.of(
    {"doc_id": name, "title": "", "text": text}
    for name, text in [
        ("a.py", "def a(b):\n    return b"),
        ("a.py torn", "def a(b):\n    return ("),
        ("a.java", "class A { int a; }"),
        ("torn.java", "class A { int a"),
        ("readme", "Bees visit flowers."),
    ]
)


def test_programs_without_a_fault_stay_in_their_order() -> None:
    """[041]: what does not parse is filtered."""
    ctx = Context()
    assert ParseOK()(CORPUS, ctx)["doc_id"] == ["a.py", "a.java"]
    assert ctx.notes["languages"] == {"none": 3, "java": 1, "python": 1}


def test_of_a_language_that_is_told_others_go() -> None:
    assert ParseOK(language="python")(CORPUS, Context())["doc_id"] == ["a.py"]
    assert ParseOK(language="java")(CORPUS, Context())["doc_id"] == ["a.java"]
