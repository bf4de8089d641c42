"""Lines: encodings, marks, line ends, compression."""

import gzip

import pytest

from acclimate.errors import TableError
from acclimate.tables.formats.lines import read_lines, read_text
from acclimate.tables.formats.record import Origin
from acclimate.tables.intake import Tally


def lines(path, tally=None):
    return list(read_lines(path, Origin(path.name), tally or Tally()))


def test_only_a_line_feed_ends_a_line(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("one\u2028two\x85three\x0bfour\x1cfive\r\nsix", encoding="utf-8", newline="")
    assert lines(path) == [(1, "one\u2028two\x85three\x0bfour\x1cfive"), (2, "six")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_byte_order_mark_says_the_encoding_and_is_no_text(tmp_path, encoding):
    path = tmp_path / "a.txt"
    mark = "\ufeff" if encoding.endswith("e") else ""
    path.write_bytes((mark + "Größe\r\nzwei\n").encode(encoding))
    tally = Tally()
    assert lines(path, tally) == [(1, "Größe"), (2, "zwei")]
    said = "not UTF-8: read as UTF-16" if "16" in encoding else "byte order mark: removed"
    assert tally.intake().examples == {said: ("a.txt",)}
    assert read_text(path, Origin("a.txt"), Tally()) == "Größe\nzwei\n"


def test_a_western_encoding_is_read_and_counted(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("plain\nGröße „so“\n".encode("cp1252"))
    tally = Tally()
    assert lines(path, tally) == [(1, "plain"), (2, "Größe „so“")]
    assert tally.intake().reasons == {"not UTF-8: read as Windows-1252": 1}
    assert tally.intake().examples == {"not UTF-8: read as Windows-1252": ("a.txt, line 2",)}


@pytest.mark.parametrize("encoding", ["shift_jis", "gb18030", "koi8-r", "utf-16-le"])
def test_other_encodings_are_refused_by_line_with_the_fix(tmp_path, encoding):
    path = tmp_path / "a.txt"
    path.write_bytes(
        b"plain\n"
        + "日本語の文章 привет".replace(
            "日本語の文章" if encoding == "koi8-r" else "\0", ""
        ).encode(encoding)
        + b"\n"
    )
    with pytest.raises(TableError, match=r"a\.txt, line 2 (is not UTF-8|has zero bytes).*iconv"):
        lines(path)


def test_a_cut_utf_16_file_is_refused(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("ab".encode("utf-16")[:-1])
    for read in (lines, lambda p: read_text(p, Origin("a.txt"), Tally())):
        with pytest.raises(TableError, match=r"a\.txt begins as UTF-16"):
            read(path)


def test_compressed_files_are_unpacked(tmp_path):
    path = tmp_path / "a.txt.gz"
    path.write_bytes(gzip.compress(b"one\ntwo\n"))
    assert lines(path) == [(1, "one"), (2, "two")]


@pytest.mark.parametrize("data", [gzip.compress(b"one\n" * 999, mtime=0)[:-20], b"plain text\n"])
def test_a_cut_or_false_gzip_file_is_refused(tmp_path, data):
    path = tmp_path / "a.txt.gz"
    path.write_bytes(data)
    with pytest.raises(TableError, match=r"a\.txt\.gz is not a whole gzip file"):
        lines(path)


def test_old_line_ends_of_a_whole_text_become_line_feeds(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"one\rtwo\r\nthree\n")
    assert read_text(path, Origin("a.txt"), Tally()) == "one\ntwo\nthree\n"


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(TableError, match="cannot be read"):
        lines(tmp_path)
