"""FusionInDecoder: how much a T5 looks at each document, and no more."""

import json
from dataclasses import replace

import numpy as np
import pytest

from acclimate.engines.local import Local
from acclimate.errors import ModelError
from acclimate.models.readers import FusionInDecoder, LanguageModel
from acclimate.models.readers.fusion_in_decoder import packed, unpacked
from acclimate.models.ref import Ref
from acclimate.testing.tiny import TEXTS

pytestmark = pytest.mark.integration

QUERY = "what is the right pressure"
DOCUMENTS = [TEXTS[0], TEXTS[1] + " " + TEXTS[2], "the valve"]


@pytest.fixture
def reader(writer) -> FusionInDecoder:
    return FusionInDecoder(writer.model)


def looked(reader: FusionInDecoder, documents: list[str], text: str = "") -> np.ndarray:
    written = reader.open("cpu").write([packed(QUERY, documents, text)], count=1, seed=0)
    values = unpacked(written[0][0].text, len(documents))
    assert values is not None
    return values


def by_hand(reader: FusionInDecoder, documents: list[str], text: str, with_query: bool):
    """Document after document and layer after layer, by the formulas of T5 alone."""
    import torch

    opened = reader.open("cpu")
    model, tokenizer, heads = opened.model, opened.tokenizer, opened.model.config.num_heads
    before = tokenizer(f"question: {QUERY} context:", add_special_tokens=False)["input_ids"]
    rows = [before + tokenizer(document)["input_ids"] for document in documents]
    with torch.inference_mode():
        encoded = [model.encoder(input_ids=torch.tensor([row])).last_hidden_state for row in rows]
        fused = torch.cat(encoded, dim=1)
        told = tokenizer(text, add_special_tokens=False)["input_ids"]
        start = [model.config.decoder_start_token_id, *told[:-1]]
        states = model.decoder(
            input_ids=torch.tensor([start]), encoder_hidden_states=fused, use_cache=False
        )
        hidden = model.decoder.embed_tokens(torch.tensor([start]))
        values = [[] for _ in documents]
        bias = None
        for block in model.decoder.block:
            own = block.layer[0]
            mask = torch.full((len(start), len(start)), -1e9).triu(1)[None, None]
            if bias is None:
                bias = own.SelfAttention.compute_bias(len(start), len(start)) + mask
            normed = own.layer_norm(hidden)
            hidden = hidden + own.SelfAttention(normed, mask=None, position_bias=bias)[0]
            cross = block.layer[1]
            normed = cross.layer_norm(hidden)
            asked = cross.EncDecAttention.q(normed).view(1, len(start), heads, -1)
            for number, row in enumerate(rows):
                keys = cross.EncDecAttention.k(encoded[number]).view(1, len(row), heads, -1)
                scores = torch.einsum("bthd,blhd->bhtl", asked, keys)
                counted = scores if with_query else scores[..., len(before) :]
                values[number].append(counted.mean().item())
            hidden = hidden + cross.EncDecAttention(normed, key_value_states=fused)[0]
            hidden = block.layer[2](hidden)
        last = model.decoder.final_layer_norm(hidden)
    assert torch.allclose(last, states.last_hidden_state, atol=1e-4)  # these are T5's formulas
    return [float(np.mean(layers)) for layers in values]


@pytest.mark.parametrize("with_query", [True, False], ids=["all", "documents"])
@pytest.mark.parametrize("text", ["", "open the valve slowly"], ids=["first", "text"])
def test_a_value_is_the_mean_attention_before_the_softmax(reader, text: str, with_query) -> None:
    """[067] [088]: mean over layers, heads and a document's tokens; [073]: without the query's."""
    reader = replace(reader, with_query=with_query)
    expected = by_hand(reader, DOCUMENTS, text, with_query)
    assert looked(reader, DOCUMENTS, text) == pytest.approx(expected, abs=1e-5)
    assert max(expected) - min(expected) > 1e-4


def test_padding_is_not_counted() -> None:
    """[088]: A has (1, 2, padding), B (3, 0, padding): both 1.5."""
    import torch

    from acclimate.models.readers.attending import pooled

    scores = torch.tensor([[1.0, 2, 50, 3, 0, -70]])
    owner, counts = torch.tensor([0, 0, 0, 1, 1, 1]), torch.tensor([1, 1, 0, 1, 1, 0]).bool()
    assert pooled(scores, owner, counts, 2).tolist() == [1.5, 1.5]
    assert pooled(scores, owner, counts, 3).tolist() == [1.5, 1.5, 0]
    assert pooled(torch.cat([scores, scores + 1]), owner, counts, 2).tolist() == [2, 2]


def test_permuting_documents_permutes_their_values(reader: FusionInDecoder) -> None:
    """[067]: permuting passages permutes G."""
    turned = looked(reader, [DOCUMENTS[2], DOCUMENTS[0], DOCUMENTS[1]])
    assert turned == pytest.approx(looked(reader, DOCUMENTS)[[2, 0, 1]], abs=1e-5)


def test_a_document_is_read_beside_the_others(reader: FusionInDecoder) -> None:
    """What the decoder saw elsewhere moves where it looks next."""
    alone, beside = looked(reader, DOCUMENTS[:1])[0], looked(reader, DOCUMENTS)[0]
    assert abs(alone - beside) > 1e-6


def test_a_long_document_is_cut_and_keeps_its_end_of_sequence(reader: FusionInDecoder) -> None:
    short = replace(reader, max_length=16)
    long = " ".join(["valve"] * 50)
    opened = short.open("cpu")
    assert opened.count_tokens([packed(QUERY, [long, long])]).tolist() == [32]
    assert opened.count_tokens([packed(" ".join(["relay"] * 50), [long])]).tolist() == [16]
    assert np.isfinite(looked(short, [long, "valve"])).all()


def test_it_is_a_writer_that_the_engine_asks_once(reader: FusionInDecoder, tmp_path) -> None:
    assert isinstance(reader, Ref)
    engine = Local(device="cpu", folder=tmp_path, precision="float32")
    prompt = packed(QUERY, DOCUMENTS)
    first = engine.write(reader, [prompt], count=1, seed=0)
    assert engine.write(reader, [prompt, prompt], count=1, seed=0) == first * 2
    assert engine.usage["write"]["computed"] == 1
    found = unpacked(first[0][0].text, 3)
    assert found is not None
    assert found == pytest.approx(looked(reader, DOCUMENTS), abs=1e-5)


def test_any_text_is_a_list_of_one_document(reader: FusionInDecoder) -> None:
    for text in (TEXTS[0], "[1, 2]", "{}"):
        ((written,),) = reader.open("cpu").write([text], count=1, seed=0)
        assert len(json.loads(written.text)) == 1
    ((written,),) = reader.open("cpu").write([packed(QUERY, [])], count=1, seed=0)
    assert written.text == "[]"


def test_only_a_value_for_each_document_is_read_back() -> None:
    assert unpacked("[1.5, -2]", 2).tolist() == [1.5, -2]
    for text in ("[1.5]", "1.5", '["a", 1]', "none", "[true"):
        assert unpacked(text, 2) is None


def test_the_fingerprint_follows_settings_and_role(reader: FusionInDecoder) -> None:
    refs = (
        reader, replace(reader, max_length=64), replace(reader, with_query=False),
        LanguageModel(reader.model),
    )  # fmt: skip
    assert len({ref.fingerprint() for ref in refs}) == 4


def test_a_model_that_is_no_t5_is_refused(causal, tmp_path) -> None:
    import torch
    from transformers import BartConfig, BartForConditionalGeneration

    with pytest.raises(ModelError, match="encoder-decoder"):
        FusionInDecoder(causal.model).open("cpu")
    with torch.random.fork_rng(devices=[]):
        sizes = {"d_model": 8, "encoder_ffn_dim": 8, "decoder_ffn_dim": 8, "vocab_size": 20}
        sizes |= {f"{half}_{what}": 1 for half in ("encoder", "decoder")
                  for what in ("layers", "attention_heads")}  # fmt: skip
        BartForConditionalGeneration(BartConfig(**sizes)).save_pretrained(str(tmp_path))
    LanguageModel(causal.model).open("cpu").tokenizer.save_pretrained(str(tmp_path))
    with pytest.raises(ModelError, match="T5 family"):
        FusionInDecoder(str(tmp_path)).open("cpu")


def test_a_length_that_no_document_fits_is_refused() -> None:
    with pytest.raises(ModelError, match="at least 4"):
        FusionInDecoder("some-model", max_length=3)
