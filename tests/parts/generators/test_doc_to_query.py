"""DocToQuery: a writer reads documents; GPL's rule says which and how often. [P1]"""

from dataclasses import dataclass

import pytest

from acclimate.errors import RecipeError
from acclimate.models.ref import Written
from acclimate.parts.generators import DocToQuery
from acclimate.parts.part import Context
from acclimate.tables import Corpus
from acclimate.testing import toys
from acclimate.testing.fakes import FakeEngine, FakeWriter


@dataclass(frozen=True, kw_only=True)
class Numbered(FakeWriter):
    """A writer whose every text is new: the prompt's first word, the seed and a number."""

    def write(self, prompts, *, count, seed):
        return [[Written(f"{p.split()[0]} {seed} {j}") for j in range(count)] for p in prompts]


def corpus_of(size):
    return Corpus.of({"doc_id": f"d{i}", "title": "", "text": f"text{i}"} for i in range(size))


def made(part, corpus=toys.CORPUS, seed=0):
    return part(corpus, Context(engine=FakeEngine(), seed=seed))


def test_a_large_corpus_is_drawn_from_evenly_with_three_queries_each():
    queries = made(DocToQuery(writer=Numbered(), at_least=30), corpus_of(100))
    assert len(queries) == 3 * 10  # 3 · 100 > 30, so ceil(30 / 3) documents
    assert len(set(queries["source_doc_id"])) == 10


def test_a_small_corpus_gets_more_queries_per_document():
    queries = made(DocToQuery(writer=Numbered(), at_least=100), corpus_of(12))
    assert len(queries) == 12 * 9  # 3 · 12 < 100, so ceil(100 / 12) = 9 each


def test_without_the_rule_of_size_every_document_gets_per_document():
    assert len(made(DocToQuery(writer=Numbered(), per_document=2, at_least=None))) == 24


def test_more_than_sixteen_queries_are_written_in_several_goes():
    queries = made(DocToQuery(writer=Numbered(), at_least=40), corpus_of(1))
    assert len(queries) == 40
    assert len({text.split()[1] for text in queries["text"]}) == 3  # seeds of 16, 16 and 8


def test_a_document_that_brings_nothing_new_is_left_alone():
    engine = FakeEngine()
    part = DocToQuery(writer=FakeWriter(step_words=0), at_least=250_000)
    queries = part(toys.CORPUS, Context(engine=engine))
    assert len(queries) == 12
    assert engine.calls["write"] == 24  # the second go brought nothing


def test_title_and_text_are_the_prompt_and_the_log_probability_is_kept():
    queries = made(DocToQuery(writer=FakeWriter(), per_document=2, at_least=None))
    assert queries["text"][:2] == ["bees bees visit flowers", "bees visit flowers to"]
    assert queries["log_prob"][:2] == [-0.5, -1.0]
    assert set(queries["kind"]) == {"doc2query"}
    assert set(queries["split"]) == {"train"}


def test_repeated_queries_of_a_document_are_removed_in_the_order_of_writing():
    @dataclass(frozen=True, kw_only=True)
    class Repeats(FakeWriter):
        def write(self, prompts, *, count, seed):
            return [
                [Written("b", -1.0), Written(" "), Written("a", -2.0), Written("B", -3.0)]
                for _ in prompts
            ]

    queries = made(DocToQuery(writer=Repeats(), at_least=None), toys.CORPUS.head(1))
    assert queries["text"] == ["b", "a"]
    assert queries["log_prob"] == [-1.0, -2.0]


def test_another_seed_draws_other_documents():
    part = DocToQuery(writer=Numbered(), at_least=30)
    one, other = (made(part, corpus_of(100), seed)["source_doc_id"] for seed in (0, 1))
    assert one != other


def test_no_documents_give_no_queries():
    assert len(made(DocToQuery(writer=FakeWriter()), Corpus.empty())) == 0


@pytest.mark.parametrize("settings", [{"per_document": 0}, {"at_least": 0}])
def test_writing_nothing_is_refused(settings):
    with pytest.raises(RecipeError, match="would write nothing"):
        DocToQuery(writer=FakeWriter(), **settings)
