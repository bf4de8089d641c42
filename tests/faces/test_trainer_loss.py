"""TrainerLoss: acclimate's losses in the trainer of sentence-transformers."""

from pathlib import Path
from typing import Any

import pytest
import torch
from torch.nn.functional import log_softmax

from acclimate.errors import RecipeError
from acclimate.faces.trainer_loss import TrainerLoss
from acclimate.parts import losses
from acclimate.tables import Labels, to_dataset
from acclimate.testing import toys

QUERIES = [[1.0, 0.0], [0.0, 1.0]]
FIRST = [[0.8, 0.6], [0.6, 0.8]]
SECOND = [[0.0, 1.0], [1.0, 0.0]]
COLUMNS = [{"rows": torch.tensor(rows)} for rows in (QUERIES, FIRST, SECOND)]


class Given(torch.nn.Module):
    """A model that gives the rows it is given."""

    similarity_fn_name = "cosine"

    def forward(self, features: dict[str, Any]) -> dict[str, Any]:
        return {"sentence_embedding": features["rows"]}


def loss_of(part: Any, labels: torch.Tensor | None = None, **settings: Any) -> float:
    return float(TrainerLoss(Given(), part, **settings)(COLUMNS, labels))


def test_values_of_all_documents_are_targets() -> None:
    """Cosines 0.8 and 0: margins 0.8; the teacher's are 1 − 0.5 = 0.5: (0.3)² = 0.09."""
    labels = torch.tensor([[1.0, 0.5], [1.0, 0.5]])
    assert loss_of(losses.MarginMSE(), labels) == pytest.approx(0.09)


def test_margins_are_values_below_that_of_the_first() -> None:
    assert loss_of(losses.MarginMSE(), torch.tensor([0.5, 0.5])) == pytest.approx(0.09)
    assert loss_of(losses.MarginMSE(), torch.tensor([[0.5], [0.5]])) == pytest.approx(0.09)


def test_the_scale_multiplies_the_students_scores() -> None:
    """Margins 8 against 0.5: 56.25."""
    found = loss_of(losses.MarginMSE(), torch.tensor([0.5, 0.5]), scale=10.0)
    assert found == pytest.approx(56.25)


def test_without_labels_the_first_document_is_relevant_and_others_of_the_batch_are_not() -> None:
    """InfoNCE over 0.8 and 0 of the own, and 0.6 and 1 of the other query."""
    own = loss_of(losses.InfoNCE(temperature=1.0, in_batch=False))
    assert own == pytest.approx(-float(log_softmax(torch.tensor([0.8, 0.0]), 0)[0]))
    wide = loss_of(losses.InfoNCE(temperature=1.0, in_batch=True))
    assert wide == pytest.approx(-float(log_softmax(torch.tensor([0.8, 0.0, 0.6, 1.0]), 0)[0]))


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(RecipeError, match="3 labels of each query do not fit 2 documents"):
        loss_of(losses.MarginMSE(), torch.zeros(2, 3))
    with pytest.raises(RecipeError, match="one column"):
        TrainerLoss(Given(), losses.MarginMSE())(COLUMNS[:1])
    with pytest.raises(RecipeError, match=r"loops\.Fit"):
        TrainerLoss(Given(), losses.InBatchMarginMSE())


@pytest.mark.integration
def test_the_trainer_of_sentence_transformers_trains_with_it(encoder: str, tmp_path: Path) -> None:
    from sentence_transformers import (
        SentenceTransformer,
        SentenceTransformerTrainer,
        SentenceTransformerTrainingArguments,
    )

    names = toys.CORPUS["doc_id"]
    labels = Labels.of(
        {"query_id": query["query_id"], "doc_id": name, "value": float(place), "teacher": "t"}
        for query in toys.WRITTEN.dicts()
        for place, name in enumerate([names[0], names[1], query["source_doc_id"]])
        if place == 2 or name != query["source_doc_id"]
    )
    rows = to_dataset(labels, toys.WRITTEN, toys.CORPUS, loss="DistillKLDivLoss", negatives=1)
    model = SentenceTransformer(encoder, device="cpu")
    before = [w.detach().clone() for w in model.parameters()]
    trainer = SentenceTransformerTrainer(
        model=model,
        args=SentenceTransformerTrainingArguments(
            str(tmp_path), max_steps=2, per_device_train_batch_size=4, report_to="none",
            disable_tqdm=True, use_cpu=True,
        ),
        train_dataset=rows,
        loss=TrainerLoss(model, losses.KLDivergence()),
    )  # fmt: skip
    trainer.train()
    moved = [not torch.equal(a, b) for a, b in zip(before, model.parameters(), strict=True)]
    assert any(moved)
