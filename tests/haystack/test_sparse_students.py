"""Sparse students are folders that Haystack's own sparse embedders read."""

from pathlib import Path

import numpy as np
import pytest
from haystack import Document

from acclimate.models.encoders import Dense, Sparse
from acclimate.parts import students
from haystack_integrations.components.embedders import sentence_transformers as embedders

pytestmark = pytest.mark.integration


def test_its_weights_are_those_that_acclimate_searches_with(
    models: dict[str, str], tmp_path: Path
) -> None:
    made = students.Sparse().prepare(Dense(models["student"]).load())
    made.save_pretrained(str(tmp_path / "sparse"), create_model_card=False)
    folder, text = str(tmp_path / "sparse"), "a tyre and a wheel"
    expected = Sparse(folder).open("cpu").encode([text], kind="document")[0]
    embedder = embedders.SentenceTransformersSparseDocumentEmbedder(
        model=folder, progress_bar=False
    )
    (document,) = embedder.run([Document(content=text)])["documents"]
    found = np.zeros_like(expected)
    found[document.sparse_embedding.indices] = document.sparse_embedding.values
    assert np.allclose(found, expected, atol=1e-5)
