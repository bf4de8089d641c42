"""EmbedderTrainer: labels to an adapted embedding model."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from haystack import component
from haystack.utils import ComponentDevice, Secret

from acclimate.errors import RecipeError, TableError
from acclimate.models.encoders.dense import Dense
from acclimate.models.student import Student
from acclimate.parts.loops.fit import Fit
from acclimate.parts.part import Loss
from acclimate.parts.students import Adapter, QuerySide
from acclimate.parts.students import Dense as Whole
from acclimate.tables import Labels
from haystack_integrations.components.training.acclimate._triples import (
    PAIR,
    TRIPLE,
    Triples,
    triples,
)
from haystack_integrations.components.training.acclimate._warm import HUB, Warm

TrainLoss = Literal["margin_mse", "mnrl"]
SHAPES: dict[str, Whole | QuerySide | Adapter] = {
    "all": Whole(),
    "query": QuerySide(),
    "adapter": Adapter(),
}
CANDIDATES = 8
"""Documents of a question that a step looks at, at most."""


@component
class EmbedderTrainer(Warm):
    """What `EmbeddingRetriever.train` was in Haystack v1, with the right loss.

    Rows with a score train by MarginMSE: the student's margins become the teacher's, brought to
    its scale. Rows without one train by multiple negatives ranking. To train rows with scores by
    the latter, which throws the scores away and takes every mined negative for irrelevant, must
    be said: `ignore_margins=True`.

    The model is saved as `save_dir/model-<hash of its content>`: an embedder, or an index, that
    keeps models by their path never serves yesterday's weights. A training that was killed goes
    on when it is run again with the same labels.

    Usage example:
    ```python
    trainer = EmbedderTrainer("sentence-transformers/all-MiniLM-L6-v2", "models")
    path = trainer.run(gpl_labels=labels)["model_path"]
    embedder = SentenceTransformersTextEmbedder(model=path)
    ```
    """

    def __init__(  # noqa: PLR0913 - v1's keyword arguments
        self,
        model: str,
        save_dir: str,
        *,
        train_loss: TrainLoss | None = None,
        ignore_margins: bool = False,
        learning_rate: float = 2e-5,
        n_epochs: int = 1,
        num_warmup_steps: int | None = None,
        batch_size: int = 16,
        learns: Literal["all", "query", "adapter"] = "all",
        seed: int = 0,
        device: ComponentDevice | None = None,
        token: Secret | None = HUB,
        cache_dir: str | None = None,
    ) -> None:
        """Keep the settings; nothing is loaded.

        Args:
            model: hub name or folder of a sentence-transformers model.
            save_dir: where the folder of the adapted model is made.
            train_loss: "margin_mse" or "mnrl"; None: by whether the rows have scores.
            ignore_margins: with "mnrl": train rows with scores all the same.
            learning_rate: at its highest.
            n_epochs: how often each question is seen.
            num_warmup_steps: until that is reached; None: a tenth of the steps, as in v1.
            batch_size: questions of a step; all there are, when they are fewer.
            learns: all weights; a query encoder of its own, documents keep their vectors (then
                the text embedder needs `encode_kwargs={"task": "query"}`, or it takes the
                documents' route); or a linear map behind the encoder, which takes seconds.
            seed: the same seed and labels give the same weights.
            device: where to train; None: a GPU where there is one.
            token: of the model hub.
            cache_dir: keeps vectors, texts and scores, for other components and later runs.
        """
        self.model = model
        self.save_dir = save_dir
        self.train_loss = train_loss
        self.ignore_margins = ignore_margins
        self.learning_rate = learning_rate
        self.n_epochs = n_epochs
        self.num_warmup_steps = num_warmup_steps
        self.batch_size = batch_size
        self.learns = learns
        self.seed = seed
        self.device = device
        self.token = token
        self.cache_dir = cache_dir
        if train_loss not in (None, "margin_mse", "mnrl"):
            raise RecipeError(f"train_loss={train_loss!r}: give 'margin_mse', 'mnrl' or None.")
        if learns not in SHAPES:
            raise RecipeError(f"learns={learns!r}: give one of {', '.join(SHAPES)}.")

    def _uses(self) -> Iterable[Any]:
        return (Dense(self.model),)

    @component.output_types(model_path=str, report=dict[str, Any])
    def run(self, gpl_labels: list[dict[str, Any]]) -> dict[str, Any]:
        """Train on the labels.

        Args:
            gpl_labels: rows with question, pos_doc and, but for "mnrl", neg_doc and score; those
                saved by Haystack v1 will do.

        Returns:
            `model_path`: folder of the adapted model; `report`: loss, steps, learning curve, the
            scale between student and teacher.
        """
        kind = self._kind(gpl_labels)
        given = triples(gpl_labels, "Label", needs=TRIPLE if kind == "margin_mse" else PAIR)
        labels = _labels(given, gpl_labels, kind)
        fit = self._fit(kind, given)
        student = SHAPES[self.learns](Student(encoder=Dense(self.model)))
        ctx = self._context(Path(self.save_dir))
        trained = fit(given.corpus, given.queries, labels, student, ctx)
        report = {
            "base": self.model,
            "loss": kind,
            "labels": len(gpl_labels),
            "steps": fit.steps,
            "batch": min(fit.batch, len(given.queries)),
            **ctx.notes,
        }
        return {"model_path": trained.encoder.model, "report": report}

    @component.output_types(model_path=str, report=dict[str, Any])
    async def run_async(self, gpl_labels: list[dict[str, Any]]) -> dict[str, Any]:
        """`run` in a thread, so that the event loop goes on."""
        return await asyncio.to_thread(self.run, gpl_labels=gpl_labels)

    def _kind(self, rows: Sequence[Mapping[str, Any]]) -> TrainLoss:
        """Which loss these rows are for; margins are never dropped unasked."""
        if not rows:
            raise TableError("There are no labels to train on.")
        scored = sum(row.get("score") is not None for row in rows)
        if 0 < scored < len(rows):
            raise TableError(
                f"{len(rows) - scored} of {len(rows)} labels have no score. Give all of them one "
                "(CrossEncoderLabeler), or none."
            )
        kind = self.train_loss or ("margin_mse" if scored else "mnrl")
        if kind == "mnrl" and scored and not self.ignore_margins:
            raise RecipeError(
                f"train_loss='mnrl' would throw away the scores of all {scored} labels and take "
                "every mined negative for irrelevant, also those that the teacher finds better. "
                "Leave train_loss out for MarginMSE, or say ignore_margins=True."
            )
        if kind == "margin_mse" and not scored:
            raise RecipeError(
                "train_loss='margin_mse' needs labels with a score: put CrossEncoderLabeler "
                "before it, or use 'mnrl'."
            )
        return kind

    def _fit(self, kind: TrainLoss, given: Triples) -> Fit:
        questions = len(given.queries)
        steps = max(1, math.ceil(questions / min(self.batch_size, questions)) * self.n_epochs)
        most = max(given.candidates()["rank"])
        return Fit(
            loss=_loss(kind),
            steps=steps,
            batch=self.batch_size,
            learning_rate=self.learning_rate,
            warmup=math.ceil(steps / 10)
            if self.num_warmup_steps is None
            else self.num_warmup_steps,
            candidates=min(most, CANDIDATES),
        )


def _loss(kind: TrainLoss) -> Loss:
    from acclimate.parts import losses

    if kind == "margin_mse":
        return losses.MarginMSE()
    return losses.InfoNCE(temperature=0.05, in_batch=True)


def _labels(given: Triples, rows: Sequence[Mapping[str, Any]], kind: TrainLoss) -> Labels:
    """Values whose differences are the margins; or 1 for the own document and 0 for others.

    Raises:
        TableError: when a score is no number, or one pair has two.
    """
    values: dict[tuple[str, str], float] = {}
    for number, (row, (query, own, other)) in enumerate(zip(rows, given.rows, strict=True)):
        top = 1.0 if kind == "mnrl" else float(row.get("pos_score") or 0.0)
        margin = 1.0 if kind == "mnrl" else _number(row["score"], number)
        top = values.setdefault((query, own), top)
        if other is None:
            continue
        value = values.setdefault((query, other), top - margin)
        if not math.isclose(value, top - margin, abs_tol=1e-3):
            raise TableError(
                f"Label {number}: the same question and documents have another score before. "
                "Keep one of the two rows."
            )
    return Labels.columns(
        query_id=[query for query, _ in values],
        doc_id=[document for _, document in values],
        value=list(values.values()),
        teacher=["rows"] * len(values),
    )


def _number(score: Any, row: int) -> float:
    try:
        value = float(score)
    except (TypeError, ValueError):
        value = math.nan
    if not math.isfinite(value):
        raise TableError(f"Label {row}: the score must be a number; there is {score!r}.")
    return value
