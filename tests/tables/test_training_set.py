"""Labels as data sets: the columns, and that the losses themselves take them."""

from typing import Any, get_args

import pytest

from acclimate.errors import TableError
from acclimate.tables import Labels
from acclimate.tables.training_set import TrainingLoss, to_dataset
from acclimate.testing import toys
from acclimate.testing.tiny import tiny_encoder, tiny_scorer

VALUES = {"bees": 5.0, "moon": 1.0, "rice": -1.0, "bread": 2.5}
TEXT = dict(zip(toys.CORPUS["doc_id"], toys.CORPUS.contents, strict=True))
QUESTION = toys.WRITTEN["text"][0]


def labels(*, queries: tuple[str, ...] = ("w-bees",), teacher: str = "t") -> Labels:
    return Labels.of(
        {"query_id": query, "doc_id": doc, "value": value, "teacher": teacher}
        for query in queries
        for doc, value in VALUES.items()
    )


def made(loss: Any, **settings: Any) -> Any:
    return to_dataset(labels(), toys.WRITTEN, toys.CORPUS, loss=loss, **settings)


def test_margins_are_the_own_documents_value_less_the_others() -> None:
    rows = made("MarginMSELoss")
    assert rows.column_names == ["query", "positive", "negative", "label"]
    assert rows["label"][:] == [4.0, 6.0, 2.5]
    assert rows["positive"][:] == [TEXT["bees"]] * 3
    assert rows["query"][:] == [QUESTION] * 3
    assert rows["negative"][:] == [TEXT[d] for d in ("moon", "rice", "bread")]


def test_several_negatives_stand_in_columns_and_their_margins_in_a_list() -> None:
    rows = made("MarginMSELoss", negatives=2)
    assert rows.column_names == ["query", "positive", "negative_1", "negative_2", "label"]
    assert rows["label"][:] == [[4.0, 6.0]]  # the third other is left over


def test_distillation_gets_every_documents_value() -> None:
    assert made("DistillKLDivLoss", negatives=3)["label"][:] == [[5.0, 1.0, -1.0, 2.5]]


def test_ranking_losses_get_no_label() -> None:
    names = ["anchor", "positive", "negative"]
    assert made("MultipleNegativesRankingLoss").column_names == names
    assert made("TripletLoss", negatives=3).column_names == names


def test_pairs_and_lists_hold_every_label() -> None:
    assert made("CoSENTLoss")["score"][:] == [5.0, 1.0, -1.0, 2.5]
    assert made("BinaryCrossEntropyLoss")["document"][:] == [TEXT[d] for d in VALUES]
    (row,) = made("LambdaLoss")
    assert row["labels"] == [5.0, 1.0, -1.0, 2.5]
    assert row["docs"] == [TEXT[d] for d in VALUES]


def test_without_a_source_the_document_valued_most_is_the_positive() -> None:
    people = to_dataset(
        labels(queries=("q1",)), _training(), toys.CORPUS, loss="MultipleNegativesRankingLoss"
    )
    assert set(people["positive"]) == {TEXT["bees"]}


def _training() -> Any:
    rows = [{**row, "split": "train"} for row in toys.QUERIES.dicts()]
    return type(toys.QUERIES).of(rows)


def test_held_out_queries_give_nothing() -> None:
    with pytest.raises(TableError, match="give no row for CoSENTLoss: of 0 training queries"):
        to_dataset(labels(queries=("q1",)), toys.QUERIES, toys.CORPUS, loss="CoSENTLoss")


def test_what_cannot_be_made_is_refused() -> None:
    with pytest.raises(TableError, match="Did you mean 'MarginMSELoss'"):
        made("MarginMSELos")
    with pytest.raises(TableError, match="negatives=0"):
        made("MarginMSELoss", negatives=0)
    with pytest.raises(TableError, match="none has its own document and 4 more"):
        made("MarginMSELoss", negatives=4)
    two = Labels.joined([labels(), labels(teacher="other")])
    with pytest.raises(TableError, match="labels of 't' and of 'other'"):
        to_dataset(two, toys.WRITTEN, toys.CORPUS, loss="CoSENTLoss")


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any]:
    folder = tmp_path_factory.mktemp("models")
    return (
        tiny_encoder(folder / "encoder", texts=toys.CORPUS.contents).load(),
        tiny_scorer(folder / "scorer", texts=toys.CORPUS.contents).load(),
    )


@pytest.mark.integration
@pytest.mark.parametrize("loss", get_args(TrainingLoss))
def test_the_loss_itself_takes_the_columns(loss: str, models: tuple[Any, Any]) -> None:
    import torch
    from sentence_transformers.cross_encoder import losses as pair_losses
    from sentence_transformers.sentence_transformer import losses

    rows = made(loss, negatives=2)
    names = [n for n in rows.column_names if n not in ("label", "labels", "score")]
    target = next(
        (rows[n][:] for n in ("label", "labels", "score") if n in rows.column_names), None
    )
    wanted: Any = torch.tensor(target) if target is not None else None
    if not hasattr(losses, loss):
        pair_loss = getattr(pair_losses, loss)(models[1])
        if "labels" in rows.column_names:
            wanted = [torch.tensor(of_query) for of_query in rows["labels"]]
        assert torch.isfinite(pair_loss([rows[n][:] for n in names], wanted))
        return
    more = (models[0],) if "GIST" in loss else ()  # these are guided by a second model
    made_loss = getattr(losses, loss)(models[0], *more)
    features = [models[0].preprocess(rows[name][:]) for name in names]
    assert torch.isfinite(made_loss(features, wanted))
