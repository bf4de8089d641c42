"""Files that are one document each."""

import sys
import zipfile

import pytest

from acclimate.errors import MissingExtraError, TableError
from acclimate.tables import Corpus

PAGE = """<!doctype html><html><head><title>Pumps explained</title></head><body>
<nav><a href="/">Home</a> <a href="/shop">Shop</a></nav>
<article><h1>Pumps explained</h1>
<p>A centrifugal pump moves water by spinning a wheel with curved blades inside a housing.</p>
<p>The wheel throws the water outwards, and the housing gathers it and leads it to the pipe.</p>
</article><footer>All rights reserved by nobody.</footer></body></html>"""


def pdf(text):
    """The smallest PDF with one page."""
    stream = f"BT /F1 12 Tf 50 700 Td ({text}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Title (Pump manual) >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 7\n0000000000 65535 f \n"
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"trailer << /Size 7 /Root 1 0 R /Info 6 0 R >>\nstartxref\n%d\n%%%%EOF" % start


def write_docx(path, *paragraphs):
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = "".join(f"<w:p><w:r><w:t>{p}</w:t></w:r></w:p>" for p in paragraphs)
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types">'
            '<Default Extension="rels" ContentType='
            '"application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{kind}"/></Types>',
        )
        file.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships">'
            f'<Relationship Id="r1" Type="{office}" Target="word/document.xml"/>'
            "</Relationships>",
        )
        file.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{word}"><w:body>{body}</w:body></w:document>',
        )


def test_a_folder_of_texts_is_read_by_its_names(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "b.txt").write_bytes(b"second\r\ntext\r\n")
    (tmp_path / "sub" / "a.md").write_text("# Pumps\n\nThey move water.\n")
    (tmp_path / "c.md").write_text("# Only a heading\n")
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "picture.png").write_bytes(b"x")
    (tmp_path / ".hidden.txt").write_text("hidden")
    table = Corpus.read(tmp_path)
    assert [list(row.values())[:3] for row in table.dicts()] == [
        ["b.txt", "", "second\ntext\n"],
        ["c.md", "", "# Only a heading\n"],
        ["sub/a.md", "Pumps", "They move water.\n"],
    ]
    assert table.intake.reasons == {
        "empty text: skipped": 1,
        "file of another kind (.png): not read": 1,
    }
    assert (table.intake.read, table.intake.kept) == (4, 3)


def test_one_file_is_one_document(tmp_path):
    (tmp_path / "README.md").write_text("Just text.")
    table = Corpus.read(tmp_path / "README.md")
    assert (table["doc_id"], table["text"]) == (["README.md"], ["Just text."])


def test_one_unreadable_file_of_a_folder_is_counted_and_alone_it_is_an_error(tmp_path):
    (tmp_path / "a.txt").write_text("fine")
    (tmp_path / "b.txt").write_bytes("日本語".encode("shift_jis"))
    table = Corpus.read(tmp_path)
    assert table["doc_id"] == ["a.txt"]
    assert table.intake.reasons == {"unreadable file: skipped": 1}
    assert table.intake.examples == {"unreadable file: skipped": ("b.txt",)}
    with pytest.raises(TableError, match=r"b\.txt is not UTF-8"):
        Corpus.read(tmp_path / "b.txt")


def test_a_web_page_gives_its_main_text_and_title(tmp_path):
    (tmp_path / "page.html").write_text(PAGE)
    table = Corpus.read(tmp_path / "page.html")
    assert table["title"] == ["Pumps explained"]
    assert "throws the water outwards" in table["text"][0]
    assert "Shop" not in table["text"][0]


def test_a_web_page_without_a_main_part_gives_all_its_text_which_is_counted(tmp_path):
    (tmp_path / "page.htm").write_text("<html><body><b>Closed</b> today.</body></html>")
    table = Corpus.read(tmp_path / "page.htm")
    assert "Closed" in table["text"][0]
    assert "today" in table["text"][0]


def test_a_pdf_gives_the_text_of_its_pages_and_its_title(tmp_path):
    (tmp_path / "manual.pdf").write_bytes(pdf("The pump starts at noon."))
    table = Corpus.read(tmp_path / "manual.pdf")
    assert (table["title"], table["text"]) == (["Pump manual"], ["The pump starts at noon."])


def test_a_broken_pdf_or_word_file_is_refused_with_the_fix(tmp_path):
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4 nothing")
    with pytest.raises(TableError, match=r"a\.pdf cannot be read as PDF.*Save it again"):
        Corpus.read(tmp_path / "a.pdf")
    (tmp_path / "a.docx").write_bytes(b"\xd0\xcf old word file")
    with pytest.raises(TableError, match=r"a\.docx cannot be read as \.docx \(BadZipFile"):
        Corpus.read(tmp_path / "a.docx")
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as file:
        file.writestr("x", "y")
    with pytest.raises(TableError, match=r"a\.docx cannot be read as \.docx"):
        Corpus.read(tmp_path / "a.docx")


def test_a_word_file_gives_its_paragraphs(tmp_path):
    write_docx(tmp_path / "a.docx", "The pump starts.", "It stops at noon.")
    assert Corpus.read(tmp_path / "a.docx")["text"] == ["The pump starts.\n\nIt stops at noon."]


@pytest.mark.parametrize(
    ("name", "library"), [("a.html", "trafilatura"), ("a.pdf", "pypdf"), ("a.docx", "markitdown")]
)
def test_a_missing_library_names_the_extra(tmp_path, monkeypatch, name, library):
    (tmp_path / name).write_text("x")
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(MissingExtraError, match=rf"{library} is not installed.*acclimate\[docs\]"):
        Corpus.read(tmp_path)
