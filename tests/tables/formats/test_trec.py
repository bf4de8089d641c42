"""TREC documents."""

import pytest

from acclimate.errors import TableError
from acclimate.tables import Corpus

SGML = """<DOC>
<DOCNO> FT-1 </DOCNO>
<HEADLINE>Pumps &amp; valves</HEADLINE>
<TEXT>
A pump <b>moves</b> water.
</TEXT>
<TEXT>If x < 3, it stops.</TEXT>
</DOC>

<doc id="2"><docno>LA-2</docno><date>1994</date><title>Old</title>A line without marks.</doc>
"""


@pytest.mark.parametrize("name", ["d.trec", "d.sgml", "d.txt", "d.xml", "d"])
def test_documents_between_marks(tmp_path, name):
    (tmp_path / name).write_text(SGML)
    table = Corpus.read(tmp_path / name)
    assert [list(row.values())[:3] for row in table.dicts()] == [
        ["FT-1", "Pumps & valves", "A pump  moves  water.\nIf x < 3, it stops."],
        ["LA-2", "Old", "A line without marks."],
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("<DOC>\n<DOCNO>1</DOCNO>\n<TEXT>a</TEXT>\n", "line 1: the <DOC> that begins here has no"),
        ("<DOC>\n<DOCNO>1</DOCNO>\n<TEXT>a</TEXT>\n<DOC>\n</DOC>", "line 1: the <DOC> that begins"),
        ("<DOC>\n<TEXT>a</TEXT>\n</DOC>", "line 1: the document has no <DOCNO>"),
    ],
)
def test_a_document_that_is_not_whole_is_refused(tmp_path, content, message):
    (tmp_path / "d.trec").write_text(content)
    with pytest.raises(TableError, match=message):
        Corpus.read(tmp_path / "d.trec")
