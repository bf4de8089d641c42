"""Tiny models are made alike each time, and are what they say."""

import numpy as np
import pytest

from acclimate.testing.tiny import TEXTS, tiny_encoder, tiny_scorer, tiny_writer

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("build", [tiny_encoder, tiny_scorer, tiny_writer])
def test_the_seed_decides_the_weights_and_nothing_else_does(tmp_path, build):
    import torch

    before = torch.random.get_rng_state()
    one, same = build(tmp_path / "one"), build(tmp_path / "same")
    assert one.fingerprint() == same.fingerprint()
    assert build(tmp_path / "other", seed=1).fingerprint() != one.fingerprint()
    assert torch.equal(torch.random.get_rng_state(), before)


def test_texts_that_share_words_are_close(tmp_path):
    opened = tiny_encoder(tmp_path / "encoder").open("cpu")
    near, far, query = opened.encode(
        ["prime the pump", "a grinding noise", "pump must prime"], kind="document"
    )
    assert query @ near > query @ far + 0.1


def test_a_tiny_writer_writes_words_of_its_texts(tmp_path):
    opened = tiny_writer(tmp_path / "writer").open("cpu")
    known = set(" ".join(TEXTS).lower().replace(".", " .").replace(",", " ,").split())
    written = opened.write(TEXTS[:4], count=2, seed=0)
    words = [w.strip(".,?") for texts in written for text in texts for w in text.text.split()]
    assert words
    assert set(words) <= {k.strip(".,?") for k in known} | {""}


def test_other_texts_make_other_words_whole_tokens(tmp_path):
    plain = tiny_encoder(tmp_path / "plain").open("cpu")
    own = tiny_encoder(tmp_path / "own", texts=["a zebra"]).open("cpu")
    # Five letters between two special tokens, or one word.
    assert plain.count_tokens(["zebra"]).tolist() == [7]
    assert own.count_tokens(["zebra"]).tolist() == [3]


def test_a_tiny_scorer_tells_pairs_apart(tmp_path):
    scores = tiny_scorer(tmp_path / "scorer").open("cpu").score(["pump"] * 8, TEXTS)
    assert len(np.unique(scores)) == 8
