"""Decoder: each text is read twice, and the second copy alone is pooled. [052]"""

from pathlib import Path

import numpy as np
import pytest
import torch

from acclimate.errors import ModelError
from acclimate.models.encoders import Dense, Sparse
from acclimate.models.encoders.decoder import Decoder
from acclimate.models.encoders.terms import TermEncoder
from acclimate.parts.loops._written import finished
from acclimate.parts.students import Sparse as Words
from acclimate.testing.tiny import TEXTS, tiny_decoder, tiny_encoder

pytestmark = pytest.mark.integration

PAIR = ["the pump stops by hand", "the pump stops by load"]
"""Two texts whose last token alone is not the same."""


@pytest.fixture(scope="module", params=[False, True], ids=["relative", "absolute"])
def base(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Dense:
    return tiny_decoder(tmp_path_factory.mktemp("base"), absolute=request.param)


def tokens(base: Dense) -> list[int]:
    """Those of the first text, without the one that begins it."""
    ids: list[int] = base.load().tokenizer(TEXTS[0])["input_ids"]
    return ids[1:]


def opened(base: Dense, *, echo: bool = True) -> TermEncoder:
    return TermEncoder(Words(echo=echo).prepare(base.load()))


def logits(base: Dense, ids: list[int]) -> torch.Tensor:
    """Those of the language model's own files, of one sequence, (L, V)."""
    from transformers import AutoModelForCausalLM

    with torch.inference_mode():
        return AutoModelForCausalLM.from_pretrained(base.model)(torch.tensor([ids])).logits[0]


def pooled(rows: torch.Tensor) -> np.ndarray:
    return rows.relu().log1p().amax(dim=0).numpy()


@pytest.mark.parametrize("echo", [True, False])
def test_the_first_pooled_token_knows_the_last_one_where_there_is_an_echo(
    echo: bool, base: Dense
) -> None:
    """[052]: changing the last token changes the weights of the first pooled one, or not."""
    model = opened(base, echo=echo).model
    with torch.inference_mode():
        made = model[0](model.preprocess(PAIR))
    weights = made["token_embeddings"].relu().log1p()
    assert made["attention_mask"][:, 0].tolist() == [1, 1]
    moved = (weights[0, 0] - weights[1, 0]).abs().max()
    assert moved > 1e-3 if echo else moved == 0


def test_weights_are_those_of_the_second_copy_and_of_no_other_token(base: Dense) -> None:
    """[052]: max over the second copy of ln(1 + max(0, logit)); the first copy's are higher."""
    words, ids = opened(base), tokens(base)
    both = logits(base, [0, *ids, *ids])
    (weights,) = words.encode([TEXTS[0]], kind="document")
    assert np.allclose(weights, pooled(both[1 + len(ids) :]), atol=1e-5)
    assert (pooled(both[1:]) - weights).max() > 1e-3
    assert (weights >= 0).all()


def test_without_an_echo_they_are_those_of_the_text_but_not_of_what_begins_it(base: Dense) -> None:
    words, ids = opened(base, echo=False), tokens(base)
    once = logits(base, [0, *ids])
    (weights,) = words.encode([TEXTS[0]], kind="document")
    assert np.allclose(weights, pooled(once[1:]), atol=1e-5)
    assert (pooled(once) - weights).max() > 0.01


def test_without_an_echo_a_text_has_at_least_the_weights_of_its_beginning(base: Dense) -> None:
    texts = ["the pump stops", "the pump stops by hand"]
    begun, whole = opened(base, echo=False).encode(texts, kind="document")
    assert (whole >= begun - 1e-6).all()
    begun, whole = opened(base).encode(texts, kind="document")
    assert (whole < begun - 0.01).any()


def test_neither_longer_neighbours_nor_empty_ones_change_a_text(base: Dense) -> None:
    words = opened(base)
    alone = words.encode([TEXTS[0]], kind="document")
    beside = words.encode([TEXTS[0], " ".join(TEXTS[:2]), ""], kind="document")
    assert np.allclose(beside[0], alone[0], atol=1e-5)
    assert not beside[2].any()
    assert not words.encode([""], kind="document").any()


def test_a_long_text_is_cut_before_it_is_written_twice(base: Dense) -> None:
    """64 tokens of the model are 32 of a text: the token that begins it and 31, twice."""
    words = opened(base)
    long = " ".join(TEXTS)
    assert words.model.max_seq_length == 32
    made = words.model.tokenizer(long, truncation=True)
    ids, copy = np.array(made["input_ids"]), np.array(made["token_type_ids"])
    assert words.count_tokens([long]).tolist() == [len(ids)] == [63]
    assert (ids[1:32] == ids[32:]).all()
    assert copy.tolist() == [0] * 32 + [1] * 31
    assert np.isfinite(words.encode([long], kind="document")).all()


def test_what_was_saved_opens_again_without_trust_in_code(base: Dense, tmp_path: Path) -> None:
    model = Words().prepare(base.load())
    folder = finished(model, tmp_path)
    files = {path.suffix for path in folder.rglob("*") if path.is_file()}
    assert files == {".json", ".safetensors"}
    ref = Sparse(str(folder))
    assert not ref.trust_remote_code
    again = ref.open("cpu")
    assert isinstance(again.model[0], Decoder)
    theirs = TermEncoder(model).encode(TEXTS, kind="query")
    assert np.array_equal(again.encode(TEXTS, kind="query"), theirs)


def test_sentence_transformers_opens_it_where_our_class_is_trusted(
    base: Dense, tmp_path: Path
) -> None:
    from sentence_transformers import SparseEncoder

    folder = finished(Words().prepare(base.load()), tmp_path)
    with pytest.raises(ValueError, match="trust_remote_code=True"):
        SparseEncoder(str(folder), device="cpu")
    plain = SparseEncoder(str(folder), device="cpu", trust_remote_code=True)
    theirs = plain.encode_document(list(TEXTS)).to_dense().numpy()
    assert np.allclose(Sparse(str(folder)).open("cpu").encode(TEXTS, kind="document"), theirs)


def test_a_decoder_without_a_head_for_words_begins_with_its_embeddings(
    base: Dense, tmp_path: Path
) -> None:
    base.load().save_pretrained(str(tmp_path))
    bare = Dense(str(tmp_path))
    assert not any("lm_head" in name for name, _ in bare.load()[0].model.named_parameters())
    mine = opened(bare).encode(TEXTS, kind="document")
    assert np.allclose(mine, opened(base).encode(TEXTS, kind="document"), atol=1e-5)


def test_a_tokenizer_that_cannot_begin_a_text_is_refused(base: Dense) -> None:
    model = base.load()
    model.tokenizer.bos_token = model.tokenizer.eos_token = None
    with pytest.raises(ModelError, match="neither bos_token nor eos_token"):
        Decoder.of(model[0], echo=True)


def test_an_encoder_of_both_directions_is_no_causal_language_model(tmp_path: Path) -> None:
    from acclimate.models.masked import decodes

    assert not decodes(tiny_encoder(tmp_path).load()[0])
