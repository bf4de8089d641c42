"""Corpus.split: pieces of as many tokens as the student reads."""

import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from tokenizers.processors import TemplateProcessing

from acclimate.errors import TableError
from acclimate.tables import Corpus


def words():
    """A tokenizer whose tokens are words and marks, with two special tokens around a text."""
    tokenizer = Tokenizer(
        WordLevel({"[UNK]": 0, "[CLS]": 1, "[SEP]": 2}, unk_token="[UNK]")  # noqa: S106
    )
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 1), ("[SEP]", 2)]
    )
    return tokenizer


def sentences(count):
    """Sentences of four words and a full stop: five tokens each."""
    return " ".join(f"Pump {n} moves water." for n in range(count))


def corpus(*rows):
    return Corpus.read([{"id": f"d{n}", **row} for n, row in enumerate(rows)])


def test_long_documents_become_pieces_and_short_ones_stay():
    table = corpus({"text": sentences(2)}, {"text": sentences(10), "page": 3})
    pieces = table.split(22, words())
    # 22 tokens less 2 special ones are room for 4 sentences of 5 tokens.
    assert pieces["doc_id"] == ["d0", "d1#0", "d1#1", "d1#2"]
    assert pieces["parent_id"] == [None, "d1", "d1", "d1"]
    assert (
        pieces["text"][1] == "Pump 0 moves water. Pump 1 moves water. "
        "Pump 2 moves water. Pump 3 moves water."
    )
    assert " ".join(pieces["text"][1:]) == sentences(10)
    assert pieces["meta"][1:] == ['{"page": 3}'] * 3


def test_the_title_stays_on_each_piece_and_has_room():
    table = corpus({"title": "All about pumps", "text": sentences(20)})
    tokenizer = words()
    pieces = table.split(32, tokenizer)
    assert set(pieces["title"]) == {"All about pumps"}
    lengths = [len(tokenizer.encode(content)) for content in pieces.contents]
    assert max(lengths) <= 32
    assert max(lengths) > 16


def test_a_document_that_just_fits_stays_and_one_more_word_splits_it():
    assert corpus({"text": "one two " * 10}).split(22, words())["doc_id"] == ["d0"]
    assert corpus({"text": "one two " * 10 + "x"}).split(22, words())["doc_id"] == ["d0#0", "d0#1"]


def test_neighbours_share_as_much_as_asked_for():
    table = corpus({"text": sentences(8)})
    assert table.split(22, words(), overlap=5)["text"][1].startswith("Pump 3 moves water.")
    assert table.split(22, words())["text"][1].startswith("Pump 4 moves water.")


def test_a_function_that_counts_will_do():
    pieces = corpus({"text": sentences(10)}).split(20, lambda text: len(text.split()))
    assert [len(text.split()) for text in pieces["text"]] == [20, 20]


def test_a_tokenizer_may_be_a_file_a_folder_or_one_of_transformers(tmp_path):
    table = corpus({"text": sentences(10)})
    words().save(str(tmp_path / "tokenizer.json"))

    class Fast:
        backend_tokenizer = words()

    wanted = table.split(22, words()).dicts()
    for tokenizer in (tmp_path / "tokenizer.json", str(tmp_path), Fast()):
        assert table.split(22, tokenizer).dicts() == wanted


def test_truncation_of_the_callers_tokenizer_neither_matters_nor_changes():
    tokenizer = words()
    tokenizer.enable_truncation(8)
    tokenizer.enable_padding(length=64)
    table = corpus({"text": sentences(10)})
    assert table.split(22, tokenizer).dicts() == table.split(22, words()).dicts()
    assert tokenizer.truncation["max_length"] == 8
    assert tokenizer.padding["length"] == 64


def test_splitting_is_counted():
    table = corpus({"text": sentences(2)}, {"text": sentences(10)}, {"text": ""})
    assert str(table.split(22, words()).intake) == (
        "read 3, kept 4\n  1  empty text: skipped (row 3)\n  1  longer than 22 tokens: split (d1)"
    )
    assert table.split(500, words()).intake == table.intake


def test_splitting_again_keeps_the_first_parent():
    once = corpus({"text": sentences(10)}).split(22, words())
    twice = once.split(16, words())
    assert set(twice["parent_id"]) == {"d0"}
    assert twice["doc_id"][:3] == ["d0#0#0", "d0#0#1", "d0#1#0"]


def test_a_text_without_a_place_to_cut_is_cut_anyway():
    pieces = corpus({"text": "x" * 100}).split(16, len)
    assert "".join(pieces["text"]) == "x" * 100
    assert max(len(text) for text in pieces["text"]) == 16


def test_a_piece_whose_id_is_taken_is_refused():
    table = Corpus.read([{"id": "d", "text": sentences(10)}, {"id": "d#0", "text": "taken"}])
    with pytest.raises(TableError, match="doc_id='d#0' is there 2 times"):
        table.split(22, words())


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"max_tokens": 15}, "max_tokens=15 is too few"),
        ({"max_tokens": 32, "overlap": 16}, "overlap=16 must be from 0 to less than half"),
        ({"max_tokens": 32, "overlap": -1}, "overlap=-1 must be"),
        ({"max_tokens": 32, "tokenizer": 3}, "tokenizer must be .* there is int"),
        ({"max_tokens": 32, "tokenizer": "nowhere"}, "There is no tokenizer at 'nowhere'"),
    ],
)
def test_settings_that_make_no_sense_are_refused(settings, message):
    with pytest.raises(TableError, match=message):
        corpus({"text": "a"}).split(**{"tokenizer": words(), **settings})


def test_a_file_that_is_no_tokenizer_is_refused(tmp_path):
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(TableError, match=r"tokenizer\.json is no tokenizer"):
        corpus({"text": "a"}).split(32, tmp_path)


def test_an_empty_corpus_stays_empty():
    assert len(Corpus.empty().split(32, words())) == 0
