"""Sparse: a text becomes weights of words, most of them 0. [057] [097]"""

from pathlib import Path

import numpy as np
import pytest
import torch

from acclimate.engines.local import Local
from acclimate.errors import ModelError, RecipeError
from acclimate.models.encoders import Dense as Encoder
from acclimate.models.encoders import Sparse as Words
from acclimate.models.student import Student
from acclimate.parts.loops import Fit
from acclimate.parts.loops._written import finished
from acclimate.parts.losses import L1, Flops, InfoNCE, QuadraticWarmup
from acclimate.parts.part import Context
from acclimate.parts.students import Sparse
from acclimate.tables import Corpus, Labels, Queries
from acclimate.testing import samples, toys
from acclimate.testing.tiny import TEXTS, tiny_encoder, tiny_scorer

pytestmark = pytest.mark.integration

THINGS = samples.things()


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    return tiny_encoder(tmp_path_factory.mktemp("base"), texts=(*TEXTS, *toys.CORPUS.contents))


def fit(shape: Sparse, base: Encoder, folder: Path, **settings: object) -> tuple[Student, Context]:
    told = {"batch": 6, "candidates": 3, "learning_rate": 3e-3, "warmup": 2} | settings
    part = Fit(loss=InfoNCE(temperature=1.0), **told)  # type: ignore[arg-type]
    ctx = Context(engine=Local(device="cpu", folder=folder / "engine"), folder=folder)
    tables = (THINGS[Corpus], THINGS[Queries], THINGS[Labels])
    return part(*tables, shape(Student(encoder=base)), ctx), ctx


def test_a_words_weight_is_the_largest_saturated_logit_of_any_token(base: Encoder) -> None:
    """[057]: logits [[1, −2, 0], [3, .5, −1]] give [ln 4, ln 1.5, 0]."""
    pooling = Sparse().prepare(base.load())[-1]
    logits = torch.tensor([[[1.0, -2, 0], [3, 0.5, -1]]])
    made = pooling({"token_embeddings": logits, "attention_mask": torch.ones(1, 2)})
    weights = made["sentence_embedding"][0]
    assert weights.tolist() == pytest.approx([1.386294, 0.405465, 0], abs=1e-6)


@pytest.mark.parametrize(("logit", "weight"), [(2.0, 1.0986), (-1.0, 0.0)])
def test_a_logit_below_0_gives_no_weight(logit: float, weight: float, base: Encoder) -> None:
    """[097]: ln(1 + max(0, 2)) = 1.0986, and of −1 it is 0."""
    pooling = Sparse().prepare(base.load())[-1]
    made = pooling(
        {"token_embeddings": torch.tensor([[[logit]]]), "attention_mask": torch.ones(1, 1)}
    )
    assert float(made["sentence_embedding"]) == pytest.approx(weight, abs=1e-4)


def test_padding_gives_no_word_a_weight(base: Encoder, tmp_path: Path) -> None:
    folder = finished(Sparse().prepare(base.load()), tmp_path)
    words = Words(str(folder)).open("cpu")
    alone = words.encode([TEXTS[0]], kind="document")
    beside = words.encode([TEXTS[0], " ".join(TEXTS[:3])], kind="document")
    assert np.allclose(beside[0], alone[0], atol=1e-5)
    assert (alone >= 0).all()


def test_the_head_over_a_dense_encoder_is_the_same_each_time(base: Encoder) -> None:
    one, two = (Sparse().prepare(base.load()) for _ in range(2))
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), two.parameters(), strict=True))


def test_what_it_made_it_makes_not_anew(base: Encoder) -> None:
    for shape in (Sparse(), Sparse(inference_free=True)):
        made = shape.prepare(base.load())
        assert shape.prepare(made) is made


def test_lower_layers_stay_when_they_are_frozen(base: Encoder) -> None:
    model = Sparse(frozen=0.5).prepare(base.load())
    stays = {name for name, p in model.named_parameters() if not p.requires_grad}
    assert any("embeddings" in name for name in stays)
    assert not any(".layer.1." in name for name in stays)


def test_training_moves_it_and_the_folder_is_sentence_transformers_own(
    base: Encoder, tmp_path: Path
) -> None:
    from sentence_transformers import SparseEncoder

    after, ctx = fit(Sparse(), base, tmp_path, steps=30)
    losses = ctx.notes["curve"]["loss"]
    assert np.mean(losses[-5:]) < 0.7 * np.mean(losses[:5])
    assert isinstance(after.encoder, Words)
    assert after.start == base
    plain = SparseEncoder(str(after.encoder.folder()), device="cpu")
    theirs = plain.encode_document(list(TEXTS)).to_dense().numpy()
    ours = after.encoder.open("cpu").encode(TEXTS, kind="document")
    assert np.allclose(ours, theirs, atol=1e-5)


@pytest.mark.parametrize("penalty", [Flops(), L1()], ids=["flops", "l1"])
def test_a_heavier_penalty_leaves_fewer_words(
    penalty: Flops | L1, base: Encoder, tmp_path: Path
) -> None:
    """[057]: raising the weight lowers the mean number of words, queries and documents alike."""
    kept = []
    for weight in (0.0, 0.3):
        strength = QuadraticWarmup(weight=weight, steps=5)
        shape = Sparse(penalty=penalty, query_weight=strength, document_weight=strength)
        after, _ = fit(shape, base, tmp_path / str(weight), steps=25)
        words = after.encoder.open("cpu")
        kept.append([
            (words.encode(texts, kind=kind) > 0).sum(axis=1).mean()
            for kind, texts in (
                ("query", THINGS[Queries]["text"]), ("document", THINGS[Corpus].contents)
            )
        ])  # fmt: skip
    assert kept[1][0] < 0.8 * kept[0][0]
    assert kept[1][1] < 0.8 * kept[0][1]


def test_the_penalty_is_of_the_whole_batch_whatever_fits_into_memory(
    base: Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weight = QuadraticWarmup(weight=0.1, steps=0)
    shape = Sparse(penalty=Flops(), query_weight=weight, document_weight=weight)
    told = []
    for tokens in (100_000, 24):
        monkeypatch.setattr("acclimate.parts.loops._learner.PIECE_TOKENS", tokens)
        after, ctx = fit(shape, base, tmp_path / str(tokens), steps=2)
        weights = after.encoder.open("cpu").encode(TEXTS, kind="document")
        told.append((ctx.notes["curve"]["loss"], weights))
    assert told[0][0] == pytest.approx(told[1][0], rel=1e-4)
    assert np.abs(told[0][1] - told[1][1]).max() < 1e-3


def test_a_penalty_of_two_words_is_worked_out_by_hand() -> None:
    """Flops of [[1, 0, 2], [3, 0, 0]] is 5; at half the warm-up the weight is a quarter of .4."""
    shape = Sparse(penalty=Flops(), document_weight=QuadraticWarmup(weight=0.4, steps=10))
    made = torch.tensor([[1.0, 0, 2], [3, 0, 0]])
    assert float(shape.pressure(made, "document", 5)) == pytest.approx(0.4 / 4 * 5)
    assert float(shape.pressure(made, "query", 5)) == 0


def test_queries_looked_up_in_a_table_use_their_own_words_only(
    base: Encoder, tmp_path: Path
) -> None:
    from sentence_transformers import SparseEncoder

    after, _ = fit(Sparse(inference_free=True), base, tmp_path, steps=20)
    words = after.encoder.open("cpu")
    (query,) = words.encode(["the pump"], kind="query")
    tokenizer = words.model.tokenizer
    own = tokenizer("the pump", add_special_tokens=False)["input_ids"]
    assert set(np.flatnonzero(query)) == set(own)
    assert not np.allclose(query[np.flatnonzero(query)], 1, atol=1e-4)  # the table has learned
    plain = SparseEncoder(str(after.encoder.folder()), device="cpu")
    theirs = plain.encode_query(["the pump"]).to_dense().numpy()
    assert np.allclose(query, theirs[0], atol=1e-5)
    documents = plain.encode_document(list(TEXTS)).to_dense().numpy()
    assert np.allclose(words.encode(TEXTS, kind="document"), documents, atol=1e-5)


def test_it_searches_what_the_product_of_its_weights_says(base: Encoder, tmp_path: Path) -> None:
    from acclimate.models.indexes import Flat

    folder = finished(Sparse().prepare(base.load()), tmp_path)
    words, texts, asked = Words(str(folder)), THINGS[Corpus].contents, THINGS[Queries]["text"]
    hits = Local(device="cpu").search(Flat(words), texts, asked, depth=3)
    opened = words.open("cpu")
    scores = opened.encode(asked, kind="query") @ opened.encode(texts, kind="document").T
    assert np.allclose(hits.scores, -np.sort(-scores, axis=1)[:, :3], rtol=1e-4)


@pytest.mark.parametrize(
    "settings", [{"penalty": Flops()}, {"query_weight": QuadraticWarmup(weight=1.0)}]
)
def test_half_a_penalty_is_refused(settings: dict[str, object]) -> None:
    with pytest.raises(RecipeError, match="a penalty needs a weight"):
        Sparse(**settings)  # type: ignore[arg-type]


def test_a_cross_encoder_does_not_become_one(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be built from a CrossEncoder"):
        Sparse().prepare(tiny_scorer(tmp_path).load())


def test_a_masked_language_model_keeps_its_own_head(tmp_path: Path) -> None:
    from sentence_transformers import SparseEncoder
    from transformers import BertForMaskedLM

    dense = tiny_encoder(tmp_path / "dense")
    config = dense.load()[0].model.config
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(7)
        BertForMaskedLM(config).save_pretrained(str(tmp_path / "words"))
    dense.load().tokenizer.save_pretrained(str(tmp_path / "words"))
    theirs = SparseEncoder(str(tmp_path / "words"), device="cpu")
    made = Sparse().prepare(Encoder(str(tmp_path / "words")).load())
    wanted = theirs.encode_document(list(TEXTS)).to_dense()
    assert torch.allclose(made.encode_document(list(TEXTS)).to_dense(), wanted, atol=1e-5)
