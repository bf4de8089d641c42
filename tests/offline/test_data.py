"""Training pairs: every row's licence is known, every passage is there once, no test query is."""

import gzip
import json

import pytest

from train import data
from train.sources import SOURCES

ONE = ("what is a pump?", "Pumps", "A pump moves water.", "")


def test_a_passage_is_there_once_with_all_its_questions(tmp_path, write_pairs):
    more = [ONE, ("who  built it", "", "A pump moves   WATER.", ""), ("What is a pump", *ONE[1:])]
    write_pairs(tmp_path / "train-a", "boolq", more)
    found = data.read(tmp_path)
    (passage,) = (*found.train, *found.held_out)
    assert [q.text for q in passage.questions] == ["what is a pump?", "who built it"]
    assert passage.content == "Pumps A pump moves water."
    assert found.dropped == {"asked twice about one passage": 1}


def test_a_source_that_is_left_out_is_left_out_and_counted(tmp_path, write_pairs):
    write_pairs(tmp_path / "train-a", "wikiqa-sentence", [ONE])
    write_pairs(tmp_path / "train-b", "boolq", [ONE])
    found = data.read(tmp_path)
    assert found.counts == {"boolq": 1}
    assert found.dropped == {"wikiqa-sentence: its licence says research only": 1}


def test_a_source_that_nobody_has_looked_at_stops_the_training(tmp_path, write_pairs):
    write_pairs(tmp_path / "train-a", "somewhere", [ONE])
    with pytest.raises(data.DataError, match=r"'somewhere' is not in train/sources\.py"):
        data.read(tmp_path)


def test_rows_without_a_source_have_the_name_of_their_folder(tmp_path):
    folder = tmp_path / "train-jaquad"
    folder.mkdir()
    row = json.dumps({"query": "q", "title": "", "text": "t", "answer": ""})
    (folder / "train_pairs.jsonl").write_text(row + "\n")
    with pytest.raises(data.DataError, match="holds no training pairs"):
        data.read(tmp_path)  # it is Japanese: nothing is left


def test_a_query_of_an_evaluation_collection_trains_nothing(tmp_path, write_pairs):
    write_pairs(tmp_path / "train-a", "boolq", [ONE, ("how old is it?", *ONE[1:])])
    (tmp_path / "collection").mkdir()
    with gzip.open(tmp_path / "collection" / "queries.jsonl.gz", "wt") as file:
        file.write(json.dumps({"_id": "1", "text": "What is a PUMP"}) + "\n")
    found = data.read(tmp_path)
    assert found.counts == {"boolq": 1}
    assert found.dropped == {"asked in an evaluation collection": 1}


def test_the_split_follows_the_texts_and_the_seed_alone(tmp_path, write_pairs):
    many = [(f"question {n}?", "", f"Text number {n}.", "") for n in range(600)]
    write_pairs(tmp_path / "one" / "train-a", "boolq", many)
    write_pairs(tmp_path / "two" / "train-a", "boolq", many[::-1])
    one, two = data.read(tmp_path / "one"), data.read(tmp_path / "two")
    held = {p.text for p in one.held_out}
    assert held == {p.text for p in two.held_out}
    assert 2 <= len(held) <= 25  # 12 are expected, with a deviation of 3.4
    assert held != {p.text for p in data.read(tmp_path / "one", seed=1).held_out}


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_every_source_has_an_owner_a_licence_and_a_place(name):
    source = SOURCES[name]
    assert source.name
    assert source.owner
    assert source.licence
    assert source.place.startswith("https://")


def test_sources_for_research_only_are_left_out():
    for source in SOURCES.values():
        assert source.left_out or "research" not in source.licence.lower()
