"""Which documents of a batch a loss sees: strangers, labelled ones, or all in one order."""

from types import SimpleNamespace
from typing import Any

import numpy as np

from acclimate.parts.loops._groups import Drawn, Groups, Turns
from acclimate.parts.loops._learner import Learner
from acclimate.parts.loops._material import Material
from acclimate.parts.losses import InBatchMarginMSE, InfoNCE, SummedSimilarity

# Query 0 has documents 0 (first), 1 and 2 with values 9, 5, 1; query 1 has 3 (first) and 1: 8, 4.
GROUPS = Groups(
    np.array([0, 1]),
    np.array([0, 3, 5]),
    np.array([0, 1, 2, 3, 1]),
    np.array([9, 5, 1, 8, 4], dtype=np.float32),
)


class InOrder(Turns):
    """Groups in their own order."""

    def at(self, places: Any) -> Any:
        """The place is the group, and nobody was drawn before."""
        return places, np.zeros_like(places)


def widened(loss: Any, **more: Any) -> tuple[Drawn, Any]:
    material = Material(GROUPS, InOrder(2, 0), 2, ["p", "q"], ["a", "b", "c", "d"], **more)
    learner: Any = SimpleNamespace(material=material, loss=loss)
    return Learner._widened(learner, np.array([0, 1]))


def test_strangers_are_the_documents_without_a_label_and_are_worth_nothing() -> None:
    """Columns behind the two drawn: 0, 1, 3. Query 0 knows 0 and 1; query 1 knows 1 and 3."""
    drawn, columns = widened(InfoNCE(in_batch=True))
    assert columns.tolist() == [0, 1, 3]
    assert drawn.documents.tolist() == [[0, 1, -1, -1, 3], [3, 1, 0, -1, -1]]
    assert drawn.values.tolist() == [[9, 5, 0, 0, 0], [8, 4, 0, 0, 0]]


def test_what_says_the_same_as_the_first_document_is_no_stranger() -> None:
    """Document 3 is a copy of 0: neither query is told from the other's first."""
    drawn, _ = widened(InfoNCE(in_batch=True), same=np.array([0, 1, 2, 0]))
    assert drawn.documents.tolist() == [[0, 1, -1, -1, -1], [3, 1, -1, -1, -1]]


def test_labelled_columns_are_the_others_documents_with_their_values() -> None:
    """One document is drawn of each query: query 0 has a label for neither, query 1 none of 0."""
    drawn, _ = widened(InBatchMarginMSE())
    assert drawn.documents.tolist() == [[0, 1, -1, -1, -1], [3, 1, -1, -1, -1]]
    wider = Groups(
        np.array([0, 1]),
        np.array([0, 3, 6]),
        np.array([0, 1, 3, 3, 1, 0]),
        np.array([9, 5, 7, 8, 4, 2], dtype=np.float32),
    )
    material = Material(wider, InOrder(2, 0), 2, ["p", "q"], ["a", "b", "c", "d"])
    learner: Any = SimpleNamespace(material=material, loss=InBatchMarginMSE())
    drawn, _ = Learner._widened(learner, np.array([0, 1]))
    assert drawn.documents.tolist() == [[0, 1, -1, -1, 3], [3, 1, 0, -1, -1]]
    assert drawn.values.tolist() == [[9, 5, 0, 0, 7], [8, 4, 2, 0, 0]]


def test_shared_columns_are_one_document_each_with_the_labels_there_are() -> None:
    drawn, columns = widened(SummedSimilarity())
    assert columns.tolist() == [0, 1, 3]
    assert drawn.documents.tolist() == [[0, 1, 3], [0, 1, 3]]
    assert drawn.values.tolist() == [[9, 5, 0], [0, 4, 8]]
