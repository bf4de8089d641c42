"""Parquet and Arrow files."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import feather

from acclimate.errors import TableError
from acclimate.tables import Corpus

ROWS = pa.table(
    {
        "id": list(range(10_000)),
        "text": [f"text {n}" for n in range(10_000)],
        "tags": [["x"]] * 10_000,
    }
)


def write_stream(table, path):
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)


WRITERS = {
    "d.parquet": pq.write_table,
    "d.feather": feather.write_feather,
    "d.arrow": write_stream,
}


@pytest.mark.parametrize("name", WRITERS)
def test_rows_come_in_with_their_numbers(tmp_path, name):
    WRITERS[name](ROWS, tmp_path / name)
    table = Corpus.read(tmp_path / name)
    assert table["doc_id"][-1] == "9999"
    assert table["meta"][0] == '{"tags": ["x"]}'
    twice = pa.concat_tables([ROWS, ROWS.slice(5, 1).set_column(1, "text", [["other"]])])
    WRITERS[name](twice, tmp_path / name)
    with pytest.raises(TableError, match=rf"{name}, row 10001: the id '5' .*{name}, row 6"):
        Corpus.read(tmp_path / name)


def test_a_table_of_ours_is_read_as_rows(tmp_path):
    table = Corpus.read([{"id": 1, "title": "T", "text": "a", "x": 1}])
    table.write(tmp_path / "t.arrow")
    assert Corpus.read(tmp_path / "t.arrow").dicts() == table.dicts()


@pytest.mark.parametrize("name", WRITERS)
def test_a_broken_file_is_refused(tmp_path, name):
    (tmp_path / name).write_bytes(b"PAR1 or ARROW1, but not really")
    with pytest.raises(TableError, match=f"{name} is not a whole (Parquet|Arrow) file"):
        Corpus.read(tmp_path / name)
