"""Blending two checkpoints: both ends are exact, the middle is the mean, routes stay apart."""

import pytest
import torch

from acclimate.errors import ModelError
from acclimate.models.encoders.blend import blend
from acclimate.models.encoders.dense import Dense
from acclimate.parts.students.adapter import Adapter
from acclimate.testing.tiny import tiny_encoder

pytestmark = pytest.mark.integration

WORDS = "0.model.embeddings.word_embeddings.weight"


def _state(model):
    return model.load().state_dict()


@pytest.mark.parametrize("share", [0, 1])
def test_both_ends_are_the_checkpoints_themselves(encoder, other, tmp_path, share):
    expected = (encoder, other)[share]
    found = blend(encoder, other, share, tmp_path / "blend")
    assert found.fingerprint() == expected.fingerprint()


def test_a_quarter_is_three_parts_base_and_one_part_adapted(encoder, other, tmp_path):
    blended = _state(blend(encoder, other, 0.25, tmp_path / "blend"))[WORDS]
    expected = 0.75 * _state(encoder)[WORDS] + 0.25 * _state(other)[WORDS]
    assert torch.allclose(blended, expected, atol=1e-6)
    assert not torch.allclose(blended, _state(encoder)[WORDS], atol=1e-2)


def test_a_second_blend_into_the_same_folder_replaces_the_first(encoder, other, tmp_path):
    blend(encoder, other, 0.5, tmp_path / "blend")
    again = blend(encoder, other, 1, tmp_path / "blend")
    assert again.fingerprint() == other.fingerprint()
    assert [path.name for path in tmp_path.iterdir()] == ["blend"]


def test_the_document_route_of_a_query_side_student_stays_bit_for_bit(encoder, other, tmp_path):
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Router

    routes = Router.for_query_document(list(other.load()), list(encoder.load()))
    model = SentenceTransformer(modules=[routes], device="cpu", similarity_fn_name="cosine")
    model.save_pretrained(str(tmp_path / "student"), create_model_card=False)
    student = blend(encoder, Dense(str(tmp_path / "student")), 0.5, tmp_path / "blend").load()
    plain = blend(encoder, other, 0.5, tmp_path / "plain").load().state_dict()
    kept, moved = (student[0].sub_modules[r][0].state_dict() for r in ("document", "query"))
    name = WORDS.removeprefix("0.")
    assert torch.equal(kept[name], _state(encoder)[WORDS])
    assert torch.equal(moved[name], plain[WORDS])


def test_settings_of_the_adapted_model_are_kept(encoder, other, tmp_path):
    short = Dense(other.model, max_length=8)
    assert blend(encoder, short, 0.5, tmp_path / "blend").max_length == 8


def test_other_architectures_are_refused(encoder, tmp_path):
    wide = tiny_encoder(tmp_path / "wide", dimension=16)
    with pytest.raises(ModelError, match="is not the same in both"):
        blend(encoder, wide, 0.5, tmp_path / "blend")


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_a_share_outside_0_to_1_is_refused(encoder, other, tmp_path, share):
    with pytest.raises(ModelError, match="between 0"):
        blend(encoder, other, share, tmp_path / "blend")


def test_a_map_that_the_base_lacks_is_blended_with_zero(encoder, tmp_path):
    model = Adapter().prepare(encoder.load())
    torch.nn.init.constant_(model[-2].linear.weight, 0.5)
    model.save_pretrained(str(tmp_path / "adapted"), create_model_card=False)
    adapted = Dense(str(tmp_path / "adapted"))
    quarter = blend(encoder, adapted, 0.25, tmp_path / "quarter").load()
    assert torch.allclose(quarter[-2].linear.weight, torch.tensor(0.125))
    none = blend(encoder, adapted, 0.0, tmp_path / "none").open("cpu")
    vectors = none.encode(["red apples"], kind="query")
    base = encoder.open("cpu").encode(["red apples"], kind="query")
    assert torch.allclose(torch.from_numpy(vectors), torch.from_numpy(base), atol=1e-6)
