"""A gated cross-encoder begins as its encoder, its late interaction and shared words."""

import json

import numpy as np
import pytest
import torch

from acclimate.errors import ModelError
from acclimate.models.packed import pack
from acclimate.models.scorers.cross_encoder import CrossEncoder
from acclimate.models.scorers.gated import APART, WEIGHTS, Gated, gated_in
from acclimate.testing.tiny import TEXTS, tiny_encoder, tiny_scorer

pytestmark = pytest.mark.integration

QUERIES = ["the pump", "a bearing must", "what is the pressure?"]
DOCUMENTS = list(TEXTS[:3])


@pytest.fixture(scope="module")
def encoder(tmp_path_factory):
    return tiny_encoder(tmp_path_factory.mktemp("encoder"))


@pytest.fixture(scope="module")
def folder(encoder, tmp_path_factory):
    """An untrained gated cross-encoder that grew from the encoder."""
    from sentence_transformers import CrossEncoder as Opened
    from tokenizers import processors
    from transformers import PreTrainedTokenizerFast

    there, made = tmp_path_factory.mktemp("body"), tmp_path_factory.mktemp("gated")
    opened = encoder.load()
    opened[0].model.save_pretrained(str(there))
    own = opened.tokenizer.backend_tokenizer
    own.post_processor = processors.TemplateProcessing(
        single="[CLS]:0 $A:0 [SEP]:0",
        pair="[CLS]:0 $A:0 [SEP]:0 [CLS]:1 $B:1 [SEP]:1",
        special_tokens=[(name, own.token_to_id(name)) for name in ("[CLS]", "[SEP]")],
    )
    names = ("pad", "unk", "cls", "sep", "mask")
    PreTrainedTokenizerFast(
        tokenizer_object=own,
        model_max_length=64,
        model_input_names=["input_ids", "token_type_ids", "attention_mask"],
        **{f"{name}_token": f"[{name.upper()}]" for name in names},
    ).save_pretrained(str(there))
    reads = Gated(str(there), apart=1, model_kwargs={"local_files_only": True})
    Opened(modules=[reads], device="cpu", activation_fn=torch.nn.Identity()).save_pretrained(
        str(made), create_model_card=False
    )
    return made


@pytest.fixture
def opened(folder):
    return CrossEncoder(str(folder)).load()


def scores(model, queries=QUERIES, documents=DOCUMENTS):
    with torch.inference_mode():
        features = model.preprocess(list(zip(queries, documents, strict=True)))
        return model(features)["scores"][:, 0]


def alone(model, *parts):
    """A score of these parts only, read apart."""
    with torch.no_grad():
        model[0].gates.fill_(APART)
        model[0].mix.copy_(torch.tensor([float(name in parts) for name in PARTS]))
    return scores(model)


PARTS = ("words", "vectors", "tokens")


def test_read_apart_its_vectors_are_those_of_the_encoder(opened, encoder):
    model = encoder.open("cpu")
    left = model.encode(QUERIES, kind="query")
    right = model.encode(DOCUMENTS, kind="document")
    assert np.allclose(alone(opened, "vectors"), (left * right).sum(axis=1), atol=1e-5)


def test_read_apart_its_tokens_are_its_late_interaction(opened, encoder):
    model = encoder.open("cpu")
    left = model.encode_tokens(QUERIES, kind="query")[1]
    right = model.encode_tokens(DOCUMENTS, kind="document")[1]
    wanted = [(q @ d.T).max(axis=1).mean() for q, d in zip(left, right, strict=True)]
    assert np.allclose(alone(opened, "tokens"), wanted, atol=1e-5)


def test_words_are_the_share_of_the_querys_rarity_that_the_document_has(opened):
    reads = opened[0]
    number = reads.tokenizer.convert_tokens_to_ids
    with torch.no_grad():
        reads.rarity.fill_(1.0)
        reads.rarity[number("pump")] = 3.0
    # "the" and "pump" are there; "a" and "must" are not, nor "bearing"; of "what is the
    # pressure ?" only "the".
    other = "The pump must be primed."
    with torch.no_grad():
        reads.gates.fill_(APART)
        reads.mix.copy_(torch.tensor([1.0, 0, 0]))
    found = scores(opened, QUERIES, [other] * 3)
    assert found.tolist() == pytest.approx([1.0, 1 / 3, 1 / 5])
    assert float(scores(opened, ["the gasket pump"], ["the pump"])) == pytest.approx(4 / 5)


def test_the_score_is_the_weighted_sum_of_its_parts_and_the_first_token(opened):
    parts = torch.stack([alone(opened, name) for name in PARTS])
    with torch.no_grad():
        opened[0].mix.copy_(torch.tensor([5.0, 20.0, 10.0]))
    assert torch.allclose(scores(opened), torch.tensor([5.0, 20.0, 10.0]) @ parts, atol=1e-4)
    before = scores(opened)
    with torch.no_grad():
        opened[0].first.weight.copy_(torch.linspace(-1, 1, 32))
    assert (scores(opened) - before).abs().min() > 1e-3


def test_an_open_gate_lets_the_texts_see_each_other(opened):
    apart = alone(opened, "vectors")
    with torch.no_grad():
        opened[0].gates.fill_(0.0)
    assert (scores(opened) - apart).abs().max() > 1e-3


def test_gates_learn(opened):
    features = opened.preprocess(list(zip(QUERIES, DOCUMENTS, strict=True)))
    opened(features)["scores"].sum().backward()
    assert opened[0].gates.shape == (1,)  # of two layers, one reads apart
    assert float(opened[0].gates.grad.abs().min()) > 0


def test_other_pairs_in_the_batch_change_nothing(folder):
    opened = CrossEncoder(str(folder)).open("cpu")
    together = opened.score(QUERIES, DOCUMENTS)
    for row in range(3):
        (single,) = opened.score([QUERIES[row]], [DOCUMENTS[row]])
        assert single == pytest.approx(together[row], abs=1e-4)


def test_padding_has_no_say(opened):
    features = opened.preprocess([(QUERIES[0], DOCUMENTS[0])])
    longer = opened.preprocess(
        [(QUERIES[0], DOCUMENTS[0])],
        processing_kwargs={"text": {"padding": "max_length", "max_length": 60}},
    )
    assert longer["input_ids"].shape[1] == 60
    with torch.inference_mode():
        one, other = (opened(of)["scores"].item() for of in (features, longer))
    assert one == pytest.approx(other, abs=1e-4)


def test_an_empty_query_or_document_has_a_score(opened):
    assert torch.isfinite(scores(opened, ["", "the pump"], ["the pump", ""])).all()


def test_what_is_saved_comes_back(opened, tmp_path):
    with torch.no_grad():
        opened[0].gates.fill_(-1.5)
        opened[0].mix.copy_(torch.tensor([1.0, 2.0, 3.0]))
        opened[0].first.weight.fill_(0.2)
        opened[0].rarity.uniform_(0, 2)
    opened.save_pretrained(str(tmp_path), create_model_card=False)
    again = CrossEncoder(str(tmp_path)).load()
    assert again[0].apart == 1
    assert torch.allclose(scores(again), scores(opened), atol=1e-6)
    assert (
        CrossEncoder(str(tmp_path)).fingerprint()
        != CrossEncoder(str(tmp_path), max_length=9).fingerprint()
    )


def test_its_own_weights_count_in_the_fingerprint(folder, opened, tmp_path):
    opened.save_pretrained(str(tmp_path), create_model_card=False)
    before = CrossEncoder(str(tmp_path)).fingerprint()
    with torch.no_grad():
        opened[0].gates.fill_(0.0)
    opened.save_pretrained(str(tmp_path), create_model_card=False)
    assert CrossEncoder(str(tmp_path)).fingerprint() != before


def test_packed_layers_give_the_same_scores(opened):
    before = scores(opened)
    pack(opened)
    assert torch.allclose(scores(opened), before, atol=1e-2)


def test_other_cross_encoders_are_opened_as_ever(tmp_path):
    assert gated_in(tmp_path) is None
    assert not isinstance(tiny_scorer(tmp_path / "plain").load()[0], Gated)


def test_weights_of_another_class_are_not_opened_as_ours(folder, tmp_path):
    (tmp_path / WEIGHTS).write_bytes((folder / WEIGHTS).read_bytes())
    modules = [{"idx": 0, "name": "0", "path": "", "type": "somewhere.Else"}]
    (tmp_path / "modules.json").write_text(json.dumps(modules))
    assert gated_in(tmp_path) is None
    with pytest.raises(ModelError, match="could not be loaded as a cross-encoder"):
        CrossEncoder(str(tmp_path)).load()
