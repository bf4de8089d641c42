"""AdaptationEvaluator: is the adapted model better? Without any judgement by people."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from haystack import Document, component
from haystack.evaluation import EvaluationRunResult
from haystack.utils import ComponentDevice, Secret

from acclimate.errors import TableError
from acclimate.models.encoders.dense import Dense
from acclimate.models.student import Student
from acclimate.parts.evaluators.held_out import HeldOut
from acclimate.parts.evaluators.significance import Significance
from acclimate.tables import Scores
from haystack_integrations.components.training.acclimate import _rows
from haystack_integrations.components.training.acclimate._warm import HUB, Warm
from haystack_integrations.components.training.acclimate.cross_encoder_labeler import (
    TEACHER,
    labeller,
)

MEASURE = "judged nDCG@10"
LEVEL = 0.05


@component
class AdaptationEvaluator(Warm):
    """Compares the adapted model with its base on held-out questions, as a teacher judges.

    The judge rates the first documents of every system; its ratings are gains of an nDCG@10.
    Beside it stands how often the document a question was written from is found. The two results
    are Haystack's `EvaluationRunResult`, so that `base.comparative_detailed_report(adapted)` and
    its other reports work. A judge approves the mistakes it makes itself: give another teacher
    than the labels are from, where there is one.

    Usage example:
    ```python
    evaluator = AdaptationEvaluator("sentence-transformers/all-MiniLM-L6-v2")
    found = evaluator.run(questions=held_out, documents=documents, model_path=path)
    found["adapted"].aggregated_report()
    ```
    """

    def __init__(  # noqa: PLR0913 - a component's settings are flat
        self,
        model: str,
        judge: Any = TEACHER,
        *,
        pool: int = 10,
        depth: int = 100,
        meta_fields_to_embed: list[str] | None = None,
        seed: int = 0,
        device: ComponentDevice | None = None,
        token: Secret | None = HUB,
        cache_dir: str | None = None,
    ) -> None:
        """Keep the settings; nothing is loaded.

        Args:
            model: the base: hub name or folder.
            judge: as `CrossEncoderLabeler` takes its teacher.
            pool: documents of each system that the judge rates.
            depth: results that are looked at.
            meta_fields_to_embed: read before the content, as the embedders do.
            seed: of judges that draw.
            device: where models work; None: a GPU where there is one.
            token: of the model hub.
            cache_dir: keeps vectors, texts and scores, for other components and later runs.
        """
        self.model = model
        self.judge = judge
        self.pool = pool
        self.depth = depth
        self.meta_fields_to_embed = meta_fields_to_embed
        self.seed = seed
        self.device = device
        self.token = token
        self.cache_dir = cache_dir
        self._part = HeldOut(judge=labeller(judge), pool=pool, depth=depth)

    def _uses(self) -> Iterable[Any]:
        return (Dense(self.model), self._part)

    @component.output_types(
        base=EvaluationRunResult,
        adapted=EvaluationRunResult,
        comparison=dict[str, Any],
        model_path=str,
    )
    def run(
        self, questions: list[dict[str, Any]], documents: list[Document], model_path: str
    ) -> dict[str, Any]:
        """Measure both models.

        Args:
            questions: rows with `question` and `document`; of rows with a `split`, those held
                out.
            documents: what is searched; the questions' own documents are added.
            model_path: the adapted model.

        Returns:
            `base` and `adapted`: results per measure and question; `comparison`: differences to
            the base by system and measure with intervals and p, and whether the adapted model is
            significantly better; `model_path`: the model to use, the base where it is not.
        """
        texts = _rows.texts_of(documents, self.meta_fields_to_embed or ())
        asked = _rows.identified(_held_out(questions), texts)
        texts = {**texts, **{row["document_id"]: row["document"] for row in asked}}
        student = Student(encoder=Dense(model_path), base=Dense(self.model))
        scores = self._part(
            _rows.corpus_of(texts.items()),
            _rows.queries_of(asked, split="heldout"),
            student,
            self._context(),
        )
        comparison = _compared(scores)
        return {
            "base": _result(scores, "base", asked),
            "adapted": _result(scores, "adapted", asked),
            "comparison": comparison,
            "model_path": model_path if comparison["better"] else self.model,
        }

    @component.output_types(
        base=EvaluationRunResult,
        adapted=EvaluationRunResult,
        comparison=dict[str, Any],
        model_path=str,
    )
    async def run_async(
        self, questions: list[dict[str, Any]], documents: list[Document], model_path: str
    ) -> dict[str, Any]:
        """`run` in a thread, so that the event loop goes on."""
        return await asyncio.to_thread(
            self.run, questions=questions, documents=documents, model_path=model_path
        )


def _held_out(questions: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The questions that trained nothing.

    Raises:
        TableError: when there is none.
    """
    kept = [row for row in questions if row.get("split", "heldout") == "heldout"]
    if not kept:
        raise TableError(
            f"None of {len(questions)} questions is held out: a model must not be judged by what "
            "it learnt from. Let QueryGenerator(held_out=0.1) keep some, or give your own."
        )
    return kept


def _result(scores: Scores, system: str, asked: Sequence[Mapping[str, Any]]) -> EvaluationRunResult:
    values: dict[str, dict[str, float]] = {}
    for row in scores.where("system", [system]).dicts():
        values.setdefault(row["measure"], {})[row["query_id"]] = row["value"]
    names = [row["query_id"] for row in asked]
    results = {
        measure: {
            "score": sum(of[name] for name in names) / len(names),
            "individual_scores": [of[name] for name in names],
        }
        for measure, of in values.items()
        if all(name in of for name in names)
    }
    inputs = {"question": [row["question"] for row in asked], "query_id": names}
    return EvaluationRunResult(system, inputs, results)


def _compared(scores: Scores) -> dict[str, Any]:
    found = [asdict(c) for c in Significance().compare(scores, "base")]
    of = [c for c in found if c["system"] == "adapted" and c["measure"] == MEASURE]
    better = bool(of) and of[0]["difference"] > 0 and of[0]["p"] < LEVEL
    return {"better": better, "comparisons": found}
