"""MaxSim by hand."""

import numpy as np
import pytest

from acclimate.errors import ModelError
from acclimate.models.encoders.dense import Dense
from acclimate.models.indexes import late_interaction, max_sim
from acclimate.models.indexes.late_interaction import LateInteraction
from acclimate.models.indexes.max_sim import gathered

VECTORS = {
    "up": [[0, 1]],
    "right": [[1, 0]],
    "both": [[1, 0], [0, 1]],
    "slant": [[0.6, 0.8]],
    "nothing": np.zeros((0, 2)),
}
DOCUMENTS = ["up", "both", "slant", "nothing"]
QUERIES = ["both", "nothing", "right"]
# both: (right, up) finds up at (0 + 1)/2, both at 1, slant at (.6 + .8)/2.
EXPECTED = [[0.5, 1, 0.7, -1], [0, 0, 0, -1], [0, 1, 0.6, -1]]


@pytest.fixture(params=["all documents", "those asked for"])
def engine(table, monkeypatch, request):
    if request.param == "those asked for":
        monkeypatch.setattr(late_interaction, "WHOLE_CHARACTERS", 0)
    return table(VECTORS)


def test_a_score_is_the_mean_of_each_query_tokens_best_match(engine):
    index = LateInteraction(Dense()).build(DOCUMENTS, engine)
    hits = index.rate(QUERIES, np.tile(np.arange(4), (3, 1)))
    assert np.allclose(hits.scores, EXPECTED)


def test_the_value_of_late_interaction_models(table):
    """[036], [086]: Q = I, D = (.6, .8), (1, 0): 1 + .8 = 1.8 over two tokens of the query."""
    engine = table({"query": np.eye(2), "document": [[0.6, 0.8], [1, 0]]})
    index = LateInteraction(Dense()).build(["document"], engine)
    hits = index.rate(["query"], np.array([[0]]))
    assert 2 * hits.scores.item() == pytest.approx(1.8)


def test_cells_in_any_order_and_without_a_document_are_rated(engine):
    index = LateInteraction(Dense()).build(DOCUMENTS, engine)
    among = np.array([[2, -1, 1], [0, 0, 3], [-1, -1, 2]])
    hits = index.rate(QUERIES, among)
    assert np.allclose(hits.scores, [[0.7, -np.inf, 1], [0, 0, -1], [-np.inf, -np.inf, 0.6]])
    assert hits.positions.tolist() == among.tolist()


def test_nothing_asked_gives_nothing(engine):
    index = LateInteraction(Dense()).build(DOCUMENTS, engine)
    assert np.isneginf(index.rate(["up"], np.array([[-1, -1]])).scores).all()


@pytest.mark.parametrize("block", [1, 3, 100])
def test_search_ranks_all_documents_with_ties_by_row(engine, monkeypatch, block):
    monkeypatch.setattr(max_sim, "BLOCK_TOKENS", block)
    hits = LateInteraction(Dense()).build(DOCUMENTS, engine).search(QUERIES, 3)
    assert hits.positions.tolist() == [[1, 2, 0], [0, 1, 2], [1, 2, 0]]
    assert np.allclose(hits.scores, [[1, 0.7, 0.5], [0, 0, 0], [1, 0.6, 0]])


def test_in_large_collections_only_documents_asked_for_are_encoded(table, monkeypatch):
    monkeypatch.setattr(late_interaction, "WHOLE_CHARACTERS", 0)
    engine = table(VECTORS)
    index = LateInteraction(Dense()).build(DOCUMENTS, engine)
    index.rate(["right"], np.array([[2, 2]]))
    assert sorted(engine.encoded) == ["right", "slant"]


def test_the_fingerprint_is_not_that_of_another_index():
    from acclimate.models.indexes import Flat

    assert LateInteraction().fingerprint() != Flat().fingerprint()


class Spoken:
    """Texts by number: words of a topic among frequent and rare ones, each in its context."""

    def __init__(self, count, dimensions=16):
        rng = np.random.default_rng(0)
        words, topics = rng.normal(size=(300, dimensions)), rng.normal(size=(30, dimensions))
        often = 1 / np.arange(1, 301)
        self.vectors = {}
        for number in range(count):
            length = rng.integers(8, 30) if number >= 40 else rng.integers(3, 9)
            said = words[rng.choice(300, size=length, p=often / often.sum())]
            said = said + 0.6 * topics[rng.integers(30)] + 0.3 * rng.normal(size=said.shape)
            unit = said / np.linalg.norm(said, axis=1, keepdims=True)
            self.vectors[str(number)] = unit.astype(np.float16).astype(np.float32)

    def encode_tokens(self, encoder, texts, *, kind):
        return [self.vectors[text] for text in texts]

    def keep(self, name, texts, make):
        return make()


@pytest.fixture(scope="module")
def spoken():
    return Spoken(1_540)


NUMBERS = [str(number) for number in range(1_540)]
ASKED, TOLD = NUMBERS[:40], NUMBERS[40:]


@pytest.fixture(scope="module")
def every(spoken):
    return compared(spoken)


def compared(spoken):
    """The scores of every document."""
    asked, told = ([spoken.vectors[n] for n in some] for some in (ASKED, TOLD))
    return max_sim.scores(gathered(asked, range(40)), gathered(told, range(1_500)))


def same(hits, every):
    depth = hits.positions.shape[1]
    assert np.array_equal(hits.positions, np.argsort(-every, axis=1, kind="stable")[:, :depth])
    assert np.allclose(hits.scores, -np.sort(-every, axis=1)[:, :depth], atol=1e-6)


def test_cells_find_what_comparing_everything_finds_and_compare_less(spoken, every):
    near = LateInteraction(Dense(), cells=300).build(TOLD, spoken)
    same(near.search(ASKED, 10), every)
    assert near.compared < 40 * 1_500 / 2


@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize("depth", [1, 10])
def test_bytes_find_what_comparing_everything_finds_and_compare_few(spoken, every, exact, depth):
    near = LateInteraction(Dense(), exact=exact).build(TOLD, spoken)
    same(near.search(ASKED, depth), every)
    assert near.compared < 40 * 1_500 / 10
    assert ("_leading" in vars(near)) is not exact


@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize("spread", [0.1, 100])
def test_in_clusters_and_without_any_order_the_same_is_found(exact, spread):
    """Six clusters of tokens, near their centres or so far from them that there are none."""
    rng = np.random.default_rng(2)
    centres = rng.normal(size=(6, 32))
    drawn = Spoken(0)
    for number in range(1_540):
        said = centres[rng.integers(6, size=rng.integers(2, 40))]
        said = said + spread * rng.normal(size=said.shape)
        unit = said / np.linalg.norm(said, axis=1, keepdims=True)
        drawn.vectors[str(number)] = unit.astype(np.float16).astype(np.float32)
    index = LateInteraction(Dense(), exact=exact).build(TOLD, drawn)
    same(index.search(ASKED[:10], 10), compared(drawn)[:10])


def test_exact_in_collections_too_large_to_be_read_compares_all(spoken, every, monkeypatch):
    monkeypatch.setattr(late_interaction, "READ_BYTES", 0)
    index = LateInteraction(Dense(), exact=True).build(TOLD, spoken)
    same(index.search(ASKED, 10), every)
    assert index.compared == 40 * 1_500


def test_of_documents_with_one_score_the_first_are_found(table, monkeypatch):
    """Of 100 alike, more than are compared before it is asked for others."""
    monkeypatch.setattr(late_interaction, "EXACT", 0)
    index = LateInteraction(Dense()).build(["up", *["slant"] * 99, "right"], table(VECTORS))
    hits = index.search(["slant", "nothing"], 3)
    assert hits.positions.tolist() == [[1, 2, 3], [0, 1, 2]]
    assert np.allclose(hits.scores, [[1, 1, 1], [0, 0, 0]])


def test_collections_too_large_to_be_read_for_each_query_have_cells(spoken, monkeypatch):
    def searched():
        index = LateInteraction(Dense()).build(TOLD, spoken)
        return index.search(ASKED[:5], 5), index

    bytes_, index = searched()
    assert "_cells" not in vars(index)
    monkeypatch.setattr(late_interaction, "READ_BYTES", 16 * 1_500)
    cells, index = searched()
    assert "_cells" in vars(index)
    assert np.array_equal(cells.positions, bytes_.positions)


def test_small_collections_are_compared_whole(spoken):
    few = LateInteraction(Dense()).build(TOLD[:900], spoken)
    few.search(ASKED, 10)
    assert few.compared == 40 * 900


def test_as_many_as_there_are_can_be_found(spoken):
    index = LateInteraction(Dense(), cells=20).build(TOLD[:60], spoken)
    hits = index.search(ASKED[:2], 70)
    assert sorted(hits.positions[0, :60].tolist()) == list(range(60))
    assert (hits.positions[:, 60:] == -1).all()
    assert (np.diff(hits.scores[:, :60], axis=1) <= 0).all()


def test_search_and_rate_say_the_same_with_and_without_bits(spoken):
    for bits in (None, 1, 2):
        index = LateInteraction(Dense(), cells=30, bits=bits).build(TOLD[:150], spoken)
        hits = index.search(ASKED[:8], 5)
        assert np.allclose(index.rate(ASKED[:8], hits.positions).scores, hits.scores, atol=1e-5)


def test_more_bits_are_nearer_to_the_vectors(spoken):
    among = np.tile(np.arange(150), (40, 1))
    true, one, two = (
        LateInteraction(Dense(), cells=30, bits=bits)
        .build(TOLD[:150], spoken)
        .rate(ASKED, among)
        .scores
        for bits in (None, 1, 2)
    )
    assert np.abs(two - true).mean() < np.abs(one - true).mean() < 0.1


def test_no_document_is_found_in_none():
    for settings in ({}, {"cells": 2}, {"cells": 2, "bits": 2}):
        index = LateInteraction(Dense(), **settings).build([], Spoken(40))
        assert (index.search(["0"], 3).positions == -1).all()


def test_documents_without_a_token_come_last_and_alone_they_tie(table, monkeypatch):
    monkeypatch.setattr(late_interaction, "EXACT", 0)
    engine = table(VECTORS)
    for settings in ({"cells": 2}, {"cells": 2, "bits": 2}, {}):
        index = LateInteraction(Dense(), **settings).build(["nothing", "up"], engine)
        assert index.search(["up"], 2).positions.tolist() == [[1, 0]]
        index = LateInteraction(Dense(), **settings).build(["nothing", "nothing"], engine)
        assert index.search(["up"], 2).scores.tolist() == [[-1, -1]]


def test_no_cells_are_refused():
    with pytest.raises(ModelError, match="at least 1"):
        LateInteraction(Dense(), cells=0)
