"""rraml from end to end: a reader's answers reward documents, harmful ones lose. [115]"""

from dataclasses import replace
from pathlib import Path

import pytest

import acclimate
from acclimate.parts import losses
from acclimate.recipes._given import LOCAL
from acclimate.recipes.rraml import rraml
from acclimate.tables import Corpus, Labels, Queries

pytestmark = pytest.mark.integration

CORPUS = Corpus.of(
    {
        "doc_id": f"{place}-{n}",
        "title": "",
        "text": f"The {what} of the town was opened in {year} by the mayor of {place}. "
        f"Each spring the {what} in {place} is closed for a week.",
    }
    for place, year in (("Aston", 1901), ("Burley", 1932), ("Corby", 1958), ("Derby", 1977))
    for n, what in enumerate(("bridge", "library", "station"))
)
HARMFUL = ("Aston-0", "Burley-1", "Corby-2", "Derby-0")


def test_rewards_are_values_and_the_reader_is_the_only_model() -> None:
    _, _, label, fit = rraml().steps[-1].steps
    assert label.writer == LOCAL
    assert fit.loss == losses.PolicyGradient(temperature=0.05, rewards="values")
    assert fit.candidates == 8
    assert rraml(policy="ppo").steps[-1].steps[-1].loss == losses.PPO(temperature=0.05)


@pytest.mark.parametrize("policy", ["reinforce", "ppo"])
def test_harmful_documents_have_the_lowest_rewards_and_the_student_learns(
    policy, models, tmp_path: Path
) -> None:
    """F1 is between 0 and 1, a harmful document and its pieces lose 1; sources are never read."""
    recipe = rraml(
        writer=models.writer, harmful=HARMFUL, queries=12, held_out=2, steps=2, rounds=1,
        policy=policy,
    )  # fmt: skip
    outcome = acclimate.adapt(
        replace(recipe, judge=None), CORPUS, models.encoder, out=tmp_path / "run"
    )
    queries = Queries.open(outcome.run / "tables" / "queries.arrow")
    source = dict(zip(queries["query_id"], queries["source_doc_id"], strict=True))
    labels = Labels.open(outcome.run / "tables" / "labels.arrow")
    harmful = [row["doc_id"].startswith(HARMFUL) for row in labels.dicts()]
    assert any(harmful)
    assert not all(harmful)
    for row, harms in zip(labels.dicts(), harmful, strict=True):
        assert row["doc_id"] != source[row["query_id"]]
        low = -1.0 if harms else 0.0
        assert low <= row["value"] <= low + 1
    assert outcome.student.encoder.fingerprint() != models.encoder.fingerprint()
