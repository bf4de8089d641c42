"""Data sets of the `datasets` library."""

import pytest

from acclimate.errors import TableError
from acclimate.tables import Corpus, Queries

ROWS = {
    "id": list(range(2_500)),
    "title": [None] * 2_500,
    "context": [f"text {n}" for n in range(2_500)],
    "meta": [{"page": 1}] * 2_500,
}


@pytest.mark.integration
def test_a_data_set_in_memory_streamed_saved_or_split(tmp_path):
    from datasets import Dataset, DatasetDict

    data = Dataset.from_dict(ROWS)
    for source in (data, data.to_iterable_dataset(), data.with_format("numpy")):
        table = Corpus.read(source, fields={"text": "context"})
        assert len(table) == 2_500
        assert table["doc_id"][-1] == "2499"
        assert table["meta"][0] == '{"page": 1}'
    data.save_to_disk(tmp_path / "saved")
    assert len(Corpus.read(tmp_path / "saved", fields={"text": "context"})) == 2_500
    assert len(Queries.read(data, fields={"text": "context"})) == 2_500
    with pytest.raises(
        TableError,
        match=r"several splits \(train, test\). Pass one of them: "
        r"dataset\['train'\]",
    ):
        Corpus.read(DatasetDict({"train": data, "test": data}))


@pytest.mark.integration
def test_a_table_is_a_data_set_and_comes_back(tmp_path):
    from datasets import Dataset

    rows = [{"id": "a", "title": "", "text": "Bees.", "year": 3}, {"id": "b", "text": " "}]
    corpus = Corpus.read(rows)
    data = Dataset(corpus.rows)
    assert data.column_names == ["doc_id", "title", "text", "parent_id", "meta"]
    assert Corpus.read(data).digest == corpus.digest
    data.save_to_disk(tmp_path / "saved")
    assert Corpus.read(tmp_path / "saved").digest == corpus.digest
