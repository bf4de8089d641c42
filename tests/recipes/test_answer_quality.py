"""What an adapted student's documents are worth to who answers from them. [108], [118]"""

from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.models.remote import Remote
from acclimate.parts.evaluators import AnswerQuality
from acclimate.parts.part import Context
from acclimate.recipes.inpars import inpars
from acclimate.testing import toys
from acclimate.testing.chat_server import ChatServer

pytestmark = pytest.mark.integration


def test_answers_are_measured_behind_a_recipe_with_and_without_a_gate(
    models, tmp_path: Path
) -> None:
    """[118]: the toy model copies, so that all its words stand in what was found.

    [108]: behind the gate a question is searched for, or it has an answer without documents.
    """
    with ChatServer() as server:
        writer = Remote(model="toy", url=server.url)
        recipe = inpars(writer=writer, documents=12, keep=12, held_out=2, steps=2, batch=4)
        outcome = acclimate.adapt(
            replace(recipe, judge=None), toys.CORPUS, models.encoder, out=tmp_path / "run"
        )
        part = AnswerQuality(writer=writer, log=toys.ANSWERS, depth=2, samples=3)
        ctx = Context()
        scores = part(toys.CORPUS, outcome.student, ctx)
    values: dict[tuple[str, str], dict[str, float]] = {}
    for row in scores.dicts():
        values.setdefault((row["system"], row["query_id"]), {})[row["measure"]] = row["value"]
    assert {system for system, _ in values} == {"base", "base+gate", "adapted", "adapted+gate"}
    for (system, text), told in values.items():
        assert 0 <= told["EM"] <= told["RecallEM"] <= told["Recall"] <= 1
        if "+gate" not in system:
            assert (told["searched"], told["K-Precision"]) == (1.0, 1.0)
        elif told["searched"]:
            assert told == values[system.removesuffix("+gate"), text]
        else:
            assert "K-Precision" not in told
    saved = sum(not told["searched"] for told in values.values())
    assert saved == 2 * ctx.notes["gate"]["sure without a document"]
