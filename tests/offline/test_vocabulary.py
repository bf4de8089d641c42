"""A smaller vocabulary reads the same, only in smaller pieces where a word is gone."""

import pytest
import torch

from acclimate.models.weights import find
from train.vocabulary import SPECIAL, encoder, kept, plain_ids, tokenizer

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def folder(base):
    return find(base.model)


def test_special_pieces_come_first_and_padding_is_0(folder):
    assert kept(folder).pieces[:5] == SPECIAL
    assert tokenizer(folder, kept(folder)).pad_token_id == 0


def test_with_all_pieces_a_text_is_read_as_before(folder, base):
    own, before = tokenizer(folder, kept(folder)), base.load().tokenizer
    text = "The pump of the tank is made of STEEL, isn't it?"
    assert own.convert_ids_to_tokens(own(text)["input_ids"]) == before.convert_ids_to_tokens(
        before(text)["input_ids"]
    )


def test_the_rarest_words_go_first_and_single_letters_stay(folder):
    letters = [p for p in kept(folder).pieces[5:] if len(p.removeprefix("##")) == 1]
    fewer = kept(folder, len(SPECIAL) + len(letters) + 3)
    words = [p for p in fewer.pieces if p not in letters and p not in SPECIAL]
    everything = [p for p in kept(folder).pieces if p not in letters and p not in SPECIAL]
    assert words == everything[:3]
    assert set(letters) < set(fewer.pieces)


def test_a_word_that_is_gone_is_read_in_letters(folder):
    own = tokenizer(folder, kept(folder, 100))
    assert own.decode(plain_ids(own, ["gasket"])[0]) == "gasket"
    assert own.unk_token_id not in plain_ids(own, ["gasket"])[0]


def test_pieces_of_other_scripts_and_unused_ones_go(tmp_path):
    import json

    words = [*SPECIAL, "[unused1]", "a", "##a", "é", "β", "本", "##本", "и", "\uff1a", "the"]
    saved = {"model": {"vocab": {word: number for number, word in enumerate(words)}}}
    (tmp_path / "tokenizer.json").write_text(json.dumps(saved))
    assert kept(tmp_path).pieces == (*SPECIAL, "a", "##a", "é", "β", "the")
    assert kept(tmp_path).old == (0, 1, 2, 3, 4, 6, 7, 8, 9, 14)


def test_the_second_text_of_a_pair_may_begin_as_if_alone(folder):
    own = tokenizer(folder, kept(folder), second_begins=True)
    told = own("the pump", "the tank")
    assert own.convert_ids_to_tokens(told["input_ids"]) == [
        "[CLS]", "the", "pump", "[SEP]", "[CLS]", "the", "tank", "[SEP]",
    ]  # fmt: skip
    assert told["token_type_ids"] == [0, 0, 0, 0, 1, 1, 1, 1]


def test_a_saved_tokenizer_comes_back_as_it_was(folder, tmp_path):
    from transformers import AutoTokenizer

    own = tokenizer(folder, kept(folder, 120), second_begins=True, max_length=24)
    own.save_pretrained(str(tmp_path))
    again = AutoTokenizer.from_pretrained(str(tmp_path))
    pair = ("the gasket of the tank", "it is made of steel")
    assert dict(again(*pair)) == dict(own(*pair))
    assert again.model_max_length == 24


def test_the_encoder_has_the_embeddings_of_the_pieces_that_stay(folder):
    vocabulary = kept(folder, 90)
    whole = encoder(folder, kept(folder)).embeddings.word_embeddings.weight
    small = encoder(folder, vocabulary).embeddings.word_embeddings.weight
    place = kept(folder).pieces.index(vocabulary.pieces[77])
    assert torch.equal(small[77], whole[place])
    assert len(small) == 90
