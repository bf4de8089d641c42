"""LateInteraction: a vector per token, and all weights learn to compare them. [036] [086]"""

from pathlib import Path

import numpy as np
import pytest
import torch

from acclimate.engines.local import Local
from acclimate.errors import ModelError, RecipeError
from acclimate.models.encoders import Dense as Encoder
from acclimate.models.encoders import MultiVector
from acclimate.models.indexes import Flat
from acclimate.models.indexes import LateInteraction as Tokens
from acclimate.models.student import Student
from acclimate.parts.loops import Fit
from acclimate.parts.loops._written import finished
from acclimate.parts.losses import InfoNCE, KLDivergence
from acclimate.parts.part import Context, Loss
from acclimate.parts.students import LateInteraction
from acclimate.tables import Corpus, Labels, Queries
from acclimate.testing import samples, toys
from acclimate.testing.tiny import TEXTS, tiny_encoder, tiny_scorer

pytestmark = pytest.mark.integration

THINGS = samples.things()


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    return tiny_encoder(tmp_path_factory.mktemp("base"), texts=(*TEXTS, *toys.CORPUS.contents))


@pytest.fixture(scope="module")
def made(base: Encoder, tmp_path_factory: pytest.TempPathFactory) -> MultiVector:
    folder = finished(LateInteraction().prepare(base.load()), tmp_path_factory.mktemp("made"))
    return MultiVector(str(folder))


def test_a_score_is_the_mean_of_the_query_tokens_best_cosines(made: MultiVector) -> None:
    """[036], [086]: Q = I₂ and D = [(.6, .8), (1, 0)] have the sum 1.8, so the mean .9."""
    queries, documents = torch.eye(2)[None], torch.tensor([[[0.6, 0.8], [1.0, 0.0]]])
    tokens = made.open("cpu")
    assert float(tokens.compared(queries, documents)) == pytest.approx(0.9)
    padded = torch.cat([documents, torch.zeros(1, 3, 2)], dim=1)
    longer = torch.cat([queries, torch.zeros(1, 1, 2)], dim=1)
    assert float(tokens.compared(longer, padded)) == pytest.approx(0.9)


def test_a_token_that_does_not_count_cannot_be_the_best(made: MultiVector) -> None:
    """The only real token is opposite: −1, though the padding's product would be 0."""
    queries, documents = torch.tensor([[[1.0, 0]]]), torch.tensor([[[-1.0, 0], [0, 0]]])
    assert float(made.open("cpu").compared(queries, documents)) == pytest.approx(-1)


def test_before_training_it_scores_as_the_bases_token_vectors_do(
    base: Encoder, made: MultiVector
) -> None:
    texts, asked = THINGS[Corpus].contents, THINGS[Queries]["text"]
    everything = np.tile(np.arange(len(texts)), (len(asked), 1))
    engine = Local(device="cpu")
    ours, theirs = (
        engine.search(Tokens(model), texts, asked, among=everything).scores
        for model in (made, base)
    )
    assert np.allclose(ours, theirs, atol=2e-3)  # kept as half floats


def test_fewer_dimensions_come_from_a_map_that_keeps_angles(base: Encoder) -> None:
    model = LateInteraction(dimensions=8).prepare(base.load())
    (narrow,) = [m for m in model if type(m).__name__ == "Dense"]
    weights = narrow.linear.weight.detach()
    assert torch.allclose(weights @ weights.T, torch.eye(8), atol=1e-5)
    assert model.encode_query(["the pump"])[0].shape == (2, 8)


def test_tokens_of_documents_are_pooled_and_those_of_queries_are_not(
    base: Encoder, made: MultiVector, tmp_path: Path
) -> None:
    """Nine words: four vectors, each the mean of tokens, at length one."""
    text = "the motor stops when the temperature is above limit"
    folder = finished(LateInteraction(pooling=2.0).prepare(base.load()), tmp_path)
    pooled = MultiVector(str(folder)).open("cpu")
    for kind, vectors in (("query", 9), ("document", 4)):
        assert len(made.open("cpu").encode_tokens([text], kind=kind)[1][0]) == 9
        found = pooled.encode_tokens([text], kind=kind)[1][0]
        assert len(found) == vectors
        assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)


@pytest.mark.parametrize(
    ("loss", "pooling"),
    [(KLDivergence(), 1.0), (InfoNCE(), 2.0), (InfoNCE(in_batch=True), 1.0)],
    ids=["kl", "nce pooled", "in batch"],
)
def test_training_moves_it_and_the_folder_is_sentence_transformers_own(
    loss: Loss, pooling: float, base: Encoder, tmp_path: Path
) -> None:
    from sentence_transformers import MultiVectorEncoder

    part = Fit(loss=loss, steps=30, batch=6, candidates=3, learning_rate=1e-3, warmup=2)
    ctx = Context(engine=Local(device="cpu", folder=tmp_path / "engine"), folder=tmp_path)
    start = LateInteraction(dimensions=16, pooling=pooling)(Student(encoder=base))
    after = part(THINGS[Corpus], THINGS[Queries], THINGS[Labels], start, ctx)
    losses = ctx.notes["curve"]["loss"]
    assert np.mean(losses[-5:]) < 0.8 * np.mean(losses[:5])
    assert isinstance(after.encoder, MultiVector)
    plain = MultiVectorEncoder(str(after.encoder.folder()), device="cpu")
    texts, asked = THINGS[Corpus].contents, THINGS[Queries]["text"]
    scores = plain.similarity(plain.encode_query(asked), plain.encode_document(texts)).numpy()
    everything = np.tile(np.arange(len(texts)), (len(asked), 1))
    found = ctx.engine.search(Flat(after.encoder), texts, asked, among=everything).scores
    assert np.allclose(found, scores, atol=2e-3)


def test_a_batch_in_pieces_is_the_batch(
    base: Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for loss in (KLDivergence(), InfoNCE(in_batch=True)):
        told = []
        for tokens in (100_000, 8):
            monkeypatch.setattr("acclimate.parts.loops._learner.PIECE_TOKENS", tokens)
            folder = tmp_path / f"{type(loss).__name__}-{tokens}"
            ctx = Context(engine=Local(device="cpu", folder=folder / "engine"), folder=folder)
            part = Fit(loss=loss, steps=2, batch=6, candidates=3, learning_rate=1e-4)
            start = LateInteraction()(Student(encoder=base))
            after = part(THINGS[Corpus], THINGS[Queries], THINGS[Labels], start, ctx)
            vectors = after.encoder.open("cpu").encode(TEXTS, kind="document")
            told.append((ctx.notes["curve"]["loss"], vectors))
        assert told[0][0] == pytest.approx(told[1][0], rel=1e-4)
        assert np.abs(told[0][1] - told[1][1]).max() < 1e-3


def test_what_it_made_it_makes_not_anew(base: Encoder) -> None:
    model = LateInteraction().prepare(base.load())
    assert LateInteraction().prepare(model) is model


def test_settings_under_which_nothing_is_compared_are_refused() -> None:
    with pytest.raises(RecipeError, match="1 or more"):
        LateInteraction(dimensions=0)
    with pytest.raises(RecipeError, match="1 or more"):
        LateInteraction(pooling=0.5)


def test_a_cross_encoder_does_not_become_one(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be built from a CrossEncoder"):
        LateInteraction().prepare(tiny_scorer(tmp_path).load())
