"""Onnx: a graph is kept only if it ranks as its checkpoint does."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import torch
from sentence_transformers import CrossEncoder
from sentence_transformers.multi_vector_encoder.modules import MultiVectorMask

from acclimate.errors import ModelError, RecipeError, TableError
from acclimate.models.encoders import Dense, Exported
from acclimate.models.encoders import Sparse as Words
from acclimate.models.encoders.opened import KINDS
from acclimate.models.family import named
from acclimate.models.ref import Hits
from acclimate.models.scorers import CrossEncoder as Pairs
from acclimate.models.scorers import ExportedPairs
from acclimate.models.scorers.gated import Gated
from acclimate.models.student import Student
from acclimate.parts.part import Context
from acclimate.parts.serving import Onnx
from acclimate.parts.serving._graphs import overlap
from acclimate.parts.students import Adapter, LateInteraction, QuerySide, Sparse, Static
from acclimate.tables import Queries
from acclimate.testing import toys
from acclimate.testing.fakes import FakeEngine
from acclimate.testing.tiny import tiny_encoder, tiny_scorer

TEXTS = toys.CORPUS.contents


def write(student: Student, folder: Path, **settings: Any) -> tuple[Path, dict[str, Any]]:
    ctx = Context(folder=folder, engine=FakeEngine())
    made = Onnx(**settings)(toys.CORPUS, toys.QUERIES, student, ctx)
    return made, ctx.notes["agreement"]


def hits(*rows: list[int]) -> Hits:
    positions = np.array(rows, dtype=np.int64)
    return Hits(positions, np.zeros(positions.shape, dtype=np.float32))


def test_overlap_is_the_mean_share_of_documents_that_both_have() -> None:
    """Both have 2 and 3 of (1, 2, 3): 2/3. The other query: all, in another order."""
    assert overlap(hits([1, 2, 3], [4, 5, 6]), hits([2, 3, 9], [6, 5, 4])) == pytest.approx(5 / 6)


def test_places_without_a_document_do_not_count() -> None:
    assert overlap(hits([1, -1, -1]), hits([1, -1, -1])) == 1
    assert overlap(hits([1, -1, -1]), hits([2, -1, -1])) == 0


@pytest.mark.parametrize(
    "settings", [{"at_least": 1.5}, {"depth": 0}, {"weights": "int4"}, {"name": "../up"}]
)
def test_settings_under_which_nothing_is_compared_are_refused(settings: Any) -> None:
    with pytest.raises(RecipeError):
        Onnx(**settings)


def test_without_queries_or_documents_or_a_folder_nothing_is_loaded(tmp_path: Path) -> None:
    student = Student(encoder=Exported("nowhere"))  # type: ignore[arg-type]
    ctx = Context(folder=tmp_path)
    with pytest.raises(TableError, match="0 queries and 12 documents"):
        Onnx()(toys.CORPUS, Queries.empty(), student, ctx)
    with pytest.raises(TableError, match="and 0 documents"):
        Onnx()(toys.CORPUS.head(0), toys.QUERIES, student, ctx)
    assert not list(tmp_path.iterdir())


@pytest.fixture(scope="module")
def student(tmp_path_factory: pytest.TempPathFactory) -> Student:
    return Student(encoder=tiny_encoder(tmp_path_factory.mktemp("tiny"), texts=TEXTS))


@pytest.fixture(scope="module")
def made(student: Student, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    return write(student, tmp_path_factory.mktemp("onnx"))


@pytest.mark.integration
def test_the_graph_gives_the_checkpoints_vectors(student: Student, made: Any) -> None:
    texts = [*TEXTS, "a", "word " * 200]  # shorter and longer than what it was traced with
    expected = student.encoder.load().encode(texts)
    graph = Exported(str(made[0])).open("cpu")
    assert np.abs(graph.encode(texts, kind="document") - expected).max() < 1e-5
    assert graph.normalised
    assert graph.count_tokens(texts).tolist()[-1] == 64


@pytest.mark.integration
def test_what_was_compared_is_written_and_noted(student: Student, made: Any) -> None:
    folder, told = made
    assert told == {"overlap": 1.0, "top": 6, "queries": len(toys.QUERIES), "documents": 12}
    record = json.loads((folder / "export.json").read_text("utf-8"))
    assert record["agreement"] == told
    assert record["checkpoint"] == student.encoder.fingerprint()
    assert [p.name for p in folder.parent.iterdir()] == [folder.name]


@pytest.mark.integration
def test_a_graph_that_ranks_otherwise_is_not_kept(student: Student, tmp_path: Path) -> None:
    class Astray(FakeEngine):
        """The second search, that of the graph, finds the documents from the other end."""

        def search(self, *given: Any, **settings: Any) -> Hits:
            found = super().search(*given, **settings)
            if self.calls["search"] > len(toys.QUERIES):
                return Hits(11 - found.positions, found.scores)
            return found

    with pytest.raises(ModelError, match=r"of the first 1 documents with its checkpoint"):
        Onnx(depth=1, at_least=1.0)(
            toys.CORPUS, toys.QUERIES, student, Context(folder=tmp_path, engine=Astray())
        )
    assert not list(tmp_path.iterdir())


@pytest.mark.integration
def test_whole_numbers_of_eight_bits_are_smaller_and_still_compared(
    student: Student, made: Any, tmp_path: Path
) -> None:
    folder, told = write(student, tmp_path, weights="int8", at_least=0.0)
    assert 0 <= told["overlap"] <= 1
    assert (folder / "model.onnx").stat().st_size < (made[0] / "model.onnx").stat().st_size
    assert [p.name for p in folder.iterdir() if p.suffix == ".onnx"] == ["model.onnx"]


@pytest.mark.integration
def test_a_student_with_two_ways_becomes_two_graphs_and_an_adapter_is_inside(
    student: Student, tmp_path: Path
) -> None:
    shape = QuerySide()
    model = shape.prepare(Adapter().prepare(student.encoder.load()))
    moved = model[0].sub_modules["query"][3].linear.weight  # the map of queries alone
    moved.data[0, 1] = 2.0
    model.save_pretrained(str(tmp_path / "model"), create_model_card=False)
    routed = Student(encoder=type(student.encoder)(str(tmp_path / "model")))  # type: ignore[call-arg]
    folder, _ = write(routed, tmp_path / "out")
    assert (folder / "query" / "model.onnx").is_file()
    graph = Exported(str(folder)).open("cpu")
    model = routed.encoder.load()
    for kind, encode in (("query", model.encode_query), ("document", model.encode_document)):
        found = graph.encode(TEXTS, kind=kind)  # type: ignore[arg-type]
        assert np.abs(found - encode(list(TEXTS))).max() < 1e-5
    apart = graph.encode(TEXTS, kind="query") - graph.encode(TEXTS, kind="document")
    assert np.abs(apart).max() > 0.01


@pytest.mark.integration
def test_a_rerankers_graph_gives_its_logits(tmp_path: Path) -> None:
    scorer = tiny_scorer(tmp_path / "scorer", texts=TEXTS)
    folder, told = write(Student(encoder=scorer), tmp_path / "out")
    asked = [TEXTS[0]] * len(TEXTS)
    expected = scorer.open("cpu").score(asked, TEXTS)
    graph = ExportedPairs(str(folder)).open("cpu")
    assert np.abs(graph.score(asked, TEXTS) - expected).max() < 1e-4
    assert told["overlap"] == 1.0
    with pytest.raises(ModelError, match="reads pairs and gives no vectors"):
        Exported(str(folder)).open("cpu")


@pytest.mark.integration
def test_a_sparse_students_graph_gives_its_weights_of_words(
    student: Student, tmp_path: Path
) -> None:
    Sparse().prepare(student.encoder.load()).save_pretrained(
        str(tmp_path / "model"), create_model_card=False
    )
    words = Words(str(tmp_path / "model"))
    folder, told = write(Student(encoder=words), tmp_path / "out")
    expected = words.open("cpu").encode(TEXTS, kind="document")
    found = Exported(str(folder)).open("cpu").encode(TEXTS, kind="document")
    assert np.abs(found - expected).max() < 1e-4
    assert told["overlap"] == 1.0


@pytest.mark.integration
def test_a_prompt_goes_with_the_graph(student: Student, tmp_path: Path) -> None:
    prompted = replace(cast(Dense, student.encoder), query_prompt="glue: ", max_length=16)
    folder, _ = write(Student(encoder=prompted), tmp_path)
    graph, model = Exported(str(folder)).open("cpu"), prompted.load()
    expected = model.encode_query(list(TEXTS))
    assert np.abs(graph.encode(TEXTS, kind="query") - expected).max() < 1e-5
    assert graph.count_tokens(TEXTS).max() == 16
    plain = graph.encode(TEXTS, kind="document")
    assert np.abs(plain - model.encode_document(list(TEXTS))).max() < 1e-5
    assert np.abs(plain - expected).max() > 0.01


def by_tokens(student: Student, folder: Path, change: Callable[[Any], Any]) -> Student:
    """A late-interaction student of 8 dimensions, changed before it is saved."""
    model = LateInteraction(dimensions=8).prepare(student.encoder.load())
    change(model)
    model.save_pretrained(str(folder / "model"), create_model_card=False)
    return Student(encoder=named(str(folder / "model")))


def leave_out(*words: str) -> Callable[[Any], Any]:
    """A mask as ColBERT has it: some words of documents do not count."""

    def change(model: Any) -> None:
        place = next(n for n, part in model.named_children() if isinstance(part, MultiVectorMask))
        setattr(model, place, MultiVectorMask(skiplist_words=list(words)))
        model.get_submodule(place).on_model_ready(model)

    return change


def fill_up(strategy: str, *, attend: bool) -> Callable[[Any], Any]:
    def change(model: Any) -> None:
        model[0].query_expansion = {"strategy": strategy, "length": 12, "attend": attend}

    return change


WAYS = {
    "as it learns here": (lambda model: None, False),
    "words of documents left out": (leave_out("the", "a"), True),
    "queries of twelve tokens": (fill_up("fixed", attend=False), True),
    "queries of twelve tokens that see the masks": (fill_up("fixed", attend=True), True),
    "queries of at least twelve tokens": (fill_up("min", attend=True), True),
}


@pytest.mark.integration
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.filterwarnings("ignore")  # of a query that is longer than it may be
def test_a_late_interaction_models_graph_gives_its_token_vectors(
    way: str, student: Student, tmp_path: Path
) -> None:
    change, two = WAYS[way]
    tokens = by_tokens(student, tmp_path, change)
    folder, told = write(tokens, tmp_path / "out")
    assert told["overlap"] == 1.0
    assert (folder / "query" / "model.onnx").is_file() == two
    graph, model = Exported(str(folder)).open("cpu"), tokens.encoder.open("cpu")
    assert (graph.has_tokens, graph.dimension) == (True, 8)
    texts = ["wheel", "the chain", *TEXTS]  # shorter and longer than twelve
    for kind in KINDS:
        vectors, rows = graph.encode_tokens(texts, kind=kind)
        expected = model.encode_tokens(texts, kind=kind)
        assert [len(row) for row in rows] == [len(row) for row in expected[1]]
        for row, other in zip(rows, expected[1], strict=True):
            assert np.abs(row - other).max(initial=0) < 1e-5
        assert np.abs(vectors - expected[0]).max() < 1e-5
        assert np.array_equal(graph.encode(texts, kind=kind), vectors)
    assert graph.encode_tokens([], kind="query")[1] == []
    with pytest.raises(ModelError, match="reads no pairs"):
        ExportedPairs(str(folder)).open("cpu")


@pytest.mark.integration
def test_what_has_no_graph_is_refused(student: Student, tmp_path: Path) -> None:
    shapes = {"HierarchicalTokenPooling": LateInteraction(pooling=2), "StaticEmbedding": Static()}
    for number, (message, shape) in enumerate(shapes.items()):
        place = tmp_path / f"model{number}"
        model = shape.prepare(student.encoder.load())
        model.save_pretrained(str(place), create_model_card=False)
        with pytest.raises(ModelError, match=message):
            write(Student(encoder=named(str(place))), tmp_path / "out")
    reads = Gated(str(student.encoder.folder()), apart=1, model_kwargs={"local_files_only": True})
    made = CrossEncoder(modules=[reads], device="cpu", activation_fn=torch.nn.Identity())
    made.save_pretrained(str(tmp_path / "gated"), create_model_card=False)
    with pytest.raises(ModelError, match="begins with Gated"):
        write(Student(encoder=Pairs(str(tmp_path / "gated"))), tmp_path / "out")
    assert not list((tmp_path / "out").iterdir())
