"""Dense models: settings, routes, prompts, token vectors; parity with sentence-transformers."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from acclimate.errors import ModelError
from acclimate.models.encoders.dense import Dense
from acclimate.models.ref import Ref
from acclimate.testing.tiny import TEXTS, tiny_encoder

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def opened(encoder):
    return encoder.open("cpu")


@pytest.fixture(scope="module")
def routed(encoder, other, tmp_path_factory):
    """Queries through `other`, documents through `encoder`: as a query-side student is saved."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Router

    routes = Router.for_query_document(list(other.load()), list(encoder.load()))
    folder = tmp_path_factory.mktemp("routed")
    model = SentenceTransformer(modules=[routes], device="cpu", similarity_fn_name="cosine")
    model.save_pretrained(str(folder), create_model_card=False)
    return Dense(str(folder))


def test_it_is_a_ref_that_compares_hashes_and_prints_as_a_value(encoder):
    assert isinstance(encoder, Ref)
    assert eval(repr(encoder)) == encoder  # noqa: S307
    assert hash(encoder) == hash(replace(encoder))


def test_vectors_are_those_of_sentence_transformers(encoder, opened):
    expected = encoder.load().encode(list(TEXTS))
    assert np.allclose(opened.encode(TEXTS, kind="document"), expected, atol=1e-6)
    assert opened.dimension == 32
    assert opened.normalised


def test_a_copied_folder_has_the_same_fingerprint_and_other_settings_another(encoder, tmp_path):
    shutil.copytree(encoder.folder(), tmp_path / "copy")
    assert Dense(str(tmp_path / "copy")).fingerprint() == encoder.fingerprint()
    for setting in ({"max_length": 8}, {"query_prompt": "q: "}, {"similarity": "dot"}):
        assert replace(encoder, **setting).fingerprint() != encoder.fingerprint()


def test_other_weights_have_another_fingerprint(encoder, other):
    assert other.fingerprint() != encoder.fingerprint()


def test_a_changed_weight_file_is_read_again(tmp_path):
    model = tiny_encoder(tmp_path / "model")
    before = model.fingerprint()
    tiny_encoder(tmp_path / "model", seed=5)
    assert model.fingerprint() != before


def test_tokens_are_counted_with_special_ones_and_cut_at_max_length(encoder):
    # [CLS] the pump [SEP] are four; the first toy text has 14 tokens and two special ones.
    opened = replace(encoder, max_length=6).open("cpu")
    assert opened.count_tokens(["the pump", TEXTS[0], ""]).tolist() == [4, 6, 2]
    assert encoder.open("cpu").count_tokens([TEXTS[0]]).tolist() == [16]


def test_what_is_beyond_max_length_does_not_matter(encoder):
    # Six tokens are [CLS], four words and [SEP].
    short, long = (
        replace(encoder, max_length=6)
        .open("cpu")
        .encode(
            ["the pump must be", "the pump must be primed before it is started"], kind="document"
        )
    )
    assert np.allclose(short, long, atol=1e-6)


def test_prompts_are_put_before_queries_and_documents(encoder):
    plain = encoder.open("cpu")
    asked = replace(encoder, query_prompt="pump ", document_prompt="motor ").open("cpu")
    for kind, prompt in (("query", "pump "), ("document", "motor ")):
        expected = plain.encode([prompt + "valve"], kind=kind)
        assert np.allclose(asked.encode(["valve"], kind=kind), expected, atol=1e-6)


def test_token_vectors_are_of_length_one_without_special_tokens_and_padding(opened):
    vectors, tokens = opened.encode_tokens(["the pump", TEXTS[0], "", "zzz"], kind="document")
    # "zzz" is no word of the tiny model: it is three single letters.
    assert [len(t) for t in tokens] == [2, 14, 0, 3]
    assert np.allclose(np.linalg.norm(np.concatenate(tokens), axis=1), 1, atol=1e-6)
    expected = opened.encode(["the pump", TEXTS[0], "", "zzz"], kind="document")
    assert np.array_equal(vectors, expected)


def test_unknown_words_keep_their_token_vector(opened):
    assert len(opened.encode_tokens(["pump ☃"], kind="document")[1][0]) == 2


def test_queries_and_documents_of_a_routed_model_take_their_own_route(routed, encoder, other):
    routed, encoder, other = routed.open("cpu"), encoder.open("cpu"), other.open("cpu")
    assert routed.normalised
    for kind, expected in (("query", other), ("document", encoder)):
        assert np.array_equal(routed.encode(TEXTS, kind=kind), expected.encode(TEXTS, kind=kind))
    tokens = routed.encode_tokens(TEXTS[:1], kind="query")[1][0]
    assert np.array_equal(tokens, other.encode_tokens(TEXTS[:1], kind="query")[1][0])


def test_an_encoder_compared_by_dot_product_keeps_its_lengths(tmp_path):
    model = tiny_encoder(tmp_path / "dot", normalised=False)
    dot, cosine = model.open("cpu"), replace(model, similarity="cosine").open("cpu")
    assert (dot.normalised, cosine.normalised) == (False, True)
    vectors = dot.encode(TEXTS, kind="document")
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    assert (np.abs(lengths - 1) > 0.1).all()
    assert np.allclose(cosine.encode(TEXTS, kind="document"), vectors / lengths, atol=1e-6)


def test_bfloat16_keeps_the_direction_of_every_vector(encoder):
    model = encoder.open("cpu")
    single = model.encode(TEXTS, kind="document")
    model.halve()
    half = model.encode(TEXTS, kind="document")
    assert ((single * half).sum(axis=1) >= 0.999).all()
    assert np.allclose(np.linalg.norm(half, axis=1), 1, atol=1e-6)


def test_static_word_embeddings_have_no_token_vectors(tmp_path):
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer, models, pre_tokenizers

    tokenizer = Tokenizer(models.WordLevel({"[UNK]": 0, "pump": 1}, "[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    model = SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_dim=8)], device="cpu")
    model.save_pretrained(str(tmp_path / "static"), create_model_card=False)
    opened = Dense(str(tmp_path / "static")).open("cpu")
    assert opened.encode(["pump", "pump pump"], kind="document").shape == (2, 8)
    assert not opened.has_tokens
    with pytest.raises(ModelError, match="no token vectors"):
        opened.encode_tokens(["pump"], kind="document")


def test_vectors_with_gradients_are_those_without_and_reach_every_layer(encoder, opened):
    from acclimate.models.encoders.opened import SentenceEncoder

    model = encoder.load()
    found = SentenceEncoder(model).tensors(list(TEXTS), kind="document")
    expected = opened.encode(TEXTS, kind="document")
    assert np.allclose(found.detach().numpy(), expected, atol=1e-6)
    found[0].sum().backward()
    layers = dict(model.named_parameters())
    missing = {n for n, p in layers.items() if p.grad is None and "pooler" not in n}
    assert missing == set()


def test_no_texts_give_no_vectors(opened):
    assert opened.encode([], kind="query").shape == (0, 32)
    assert opened.encode_tokens([], kind="query")[1] == []


def test_a_folder_that_holds_something_else_is_refused(encoder, tmp_path):
    shutil.copytree(encoder.folder(), tmp_path / "broken")
    (tmp_path / "broken" / "config.json").write_text("{}")
    with pytest.raises(ModelError, match="could not be loaded as a sentence-transformers model"):
        Dense(str(tmp_path / "broken")).open("cpu")


def test_a_length_without_room_is_refused():
    with pytest.raises(ModelError, match="at least 1 token"):
        Dense(max_length=0)


def test_the_embedded_model_opens_without_a_network():
    opened = Dense().open("cpu")
    first, second, third = opened.encode(
        ["The pump is broken.", "The pump does not work.", "I like cheese."], kind="document"
    )
    assert first @ second > 0.5 > first @ third
    assert Path(Dense().folder()).is_dir()
