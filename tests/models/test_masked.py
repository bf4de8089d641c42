"""Masked: the masked language model around an encoder's transformer."""

from pathlib import Path

import pytest
import torch

from acclimate.errors import ModelError
from acclimate.models.masked import around, masked_language_model
from acclimate.testing.tiny import tiny_encoder, tiny_writer

pytestmark = pytest.mark.integration


def test_what_it_learns_the_encoder_learns(tmp_path: Path) -> None:
    model = tiny_encoder(tmp_path).load()
    words = around(model[0])
    assert words.base_model is model[0].model
    embeddings = model[0].model.embeddings.word_embeddings.weight
    assert words.get_output_embeddings().weight is embeddings


def test_a_model_with_a_head_is_its_own(tmp_path: Path) -> None:
    body = tiny_encoder(tmp_path).load()[0]
    whole = masked_language_model(body)
    body.model = whole
    assert around(body) is whole


def test_a_copy_has_weights_of_its_own_and_the_same_head_each_time(tmp_path: Path) -> None:
    body = tiny_encoder(tmp_path).load()[0]
    one, two = (masked_language_model(body) for _ in range(2))
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), two.parameters(), strict=True))
    mine = {id(w) for w in body.model.parameters()}
    assert not mine & {id(w) for w in one.parameters()}


def test_a_transformer_without_a_masked_language_model_is_refused(tmp_path: Path) -> None:
    from sentence_transformers.base.modules import Transformer

    folder = tiny_writer(tmp_path).model
    with pytest.raises(ModelError, match="a masked language model"):
        masked_language_model(Transformer(folder, model_kwargs={"local_files_only": True}))
