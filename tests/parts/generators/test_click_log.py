"""ClickLog: what people clicked after asking. [096]"""

import pytest

from acclimate.errors import RecipeError, TableError
from acclimate.parts.generators import ClickLog
from acclimate.parts.part import Context
from acclimate.tables import Corpus, LogFile
from acclimate.testing import behaviour, toys


def test_each_pair_is_a_query_of_the_document_that_was_clicked() -> None:
    queries = ClickLog(log=toys.CLICKS)(toys.CORPUS, Context())
    pairs = list(zip(queries["text"], queries["source_doc_id"], strict=True))
    assert pairs[1:3] == [("what causes the tide", "tides"), ("what causes the tide", "moon")]
    assert len(pairs) == 10
    assert set(queries["kind"]) == {"click"}


def test_pairs_that_few_clicked_may_be_left_out_and_are_counted() -> None:
    ctx = Context()
    queries = ClickLog(log=toys.CLICKS, at_least_clicks=2)(toys.CORPUS, ctx)
    assert len(queries) == 7
    assert ctx.notes["log"] == {"rows": 10, "pairs with fewer clicks": 3}


def test_as_many_as_wanted_are_drawn_in_the_order_of_the_file() -> None:
    whole = ClickLog(log=toys.CLICKS)(toys.CORPUS, Context())["query_id"]
    some = ClickLog(log=toys.CLICKS, queries=4)(toys.CORPUS, Context())["query_id"]
    assert len(some) == 4
    assert some == [query for query in whole if query in some]


def test_clicks_on_documents_that_are_gone_do_not_count() -> None:
    ctx = Context()
    queries = ClickLog(log=toys.CLICKS)(toys.CORPUS.where("doc_id", ["moon"]), ctx)
    assert queries["source_doc_id"] == ["moon", "moon"]
    assert ctx.notes["log"]["of documents that are not here"] == 8


def test_a_log_that_is_not_there_is_an_error() -> None:
    with pytest.raises(TableError, match="There is no file"):
        ClickLog(log=LogFile("nowhere.tsv"))(toys.CORPUS, Context())


def test_no_documents_give_no_queries() -> None:
    assert len(ClickLog(log=toys.CLICKS)(Corpus.empty(), Context())) == 0


def test_pairs_without_a_click_are_refused() -> None:
    with pytest.raises(RecipeError, match="more than 0 clicks"):
        ClickLog(log=toys.CLICKS, at_least_clicks=0)


def test_it_obeys_the_laws_of_generators() -> None:
    behaviour.check_all(ClickLog(log=toys.CLICKS), folder="generators")
