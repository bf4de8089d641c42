"""Where a query's source document is."""

import pytest

from acclimate.errors import TableError
from acclimate.parts._sources import sources
from acclimate.testing import toys


def test_a_query_without_a_source_is_nowhere():
    assert sources(toys.CORPUS, toys.QUERIES).tolist() == [-1] * 6
    assert sources(toys.CORPUS, toys.WRITTEN).tolist() == list(range(12))


def test_a_source_that_is_not_there_is_named():
    with pytest.raises(TableError, match=r"'w-comets' was written from document 'comets'"):
        sources(toys.CORPUS.head(11), toys.WRITTEN)
