"""GPL from end to end, with a seq2seq and a cross-encoder built on the spot. [P1]"""

from pathlib import Path

import numpy as np
import pytest

import acclimate
from acclimate.parts import filters, generators, labellers, loops, losses, miners
from acclimate.pipeline.checks import refs_of
from acclimate.recipes._given import BUNDLED_TEACHER
from acclimate.recipes.gpl import RETRIEVERS, gpl
from acclimate.recipes.recipe import Seen
from acclimate.tables import Candidates, Corpus, Labels, Queries
from acclimate.testing import toys

pytestmark = pytest.mark.integration

# Each document once more under another id: which queries a random model writes, and so which
# documents are asked about, differs from machine to machine.
TWINS = Corpus.of([{**row, "doc_id": f"{row['doc_id']}-twin"} for row in toys.CORPUS.dicts()])


@pytest.fixture(scope="module")
def run(models, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("gpl") / "run"
    corpus = Corpus.joined([toys.CORPUS, TWINS])
    recipe = gpl(
        writer=models.writer,
        teacher=models.scorer,
        retrievers=(models.encoder,),
        queries=30,
        depth=20,
        steps=4,
        batch=24,
        held_out=6,
    )
    acclimate.adapt(recipe, corpus, models.encoder, out=out)
    return out


def test_the_steps_are_the_four_of_haystacks_guide_a_split_and_a_draw_without_copies() -> None:
    kinds = [type(step) for step in gpl().steps]
    wanted = [
        generators.DocToQuery,
        filters.HoldOut,
        miners.Union,
        filters.SameText,  # before the draw: what is drawn by chance would show it by chance
        filters.Sample,
        labellers.Score,
        loops.Fit,
    ]
    assert kinds == wanted


def test_the_defaults_are_the_papers() -> None:
    generate, fit = gpl().steps[0], gpl().steps[-1]
    assert (generate.per_document, generate.at_least) == (3, 250_000)
    assert (fit.steps, fit.batch, fit.learning_rate, fit.warmup) == (140_000, 32, 2e-5, 1_000)
    assert isinstance(fit.loss, losses.MarginMSE)


def test_without_a_named_model_those_of_the_installation_come_before_a_hub() -> None:
    paper = ["BeIR/query-gen-msmarco-t5-base-v1", *(r.model for r in RETRIEVERS)]
    paper.append("cross-encoder/ms-marco-MiniLM-L-6-v2")
    ours = Seen(bundled=("writer", "teacher"))
    for seen in (Seen(), Seen(bundled=("teacher",))):  # half of them write no queries
        assert sorted(r.model for r in refs_of(gpl(seen=seen).steps)) == sorted(paper)
    used = [r.model for r in refs_of(gpl(seen=ours).steps)]
    assert used == ["acclimate-offline/writer", "acclimate-offline/teacher"]
    assert gpl(seen=ours).judge == labellers.Score(teacher=BUNDLED_TEACHER)
    assert [rule.fired for rule in gpl(seen=ours).rules] == [True]


def test_a_named_model_is_used_whatever_is_installed(models) -> None:
    recipe = gpl(teacher=models.scorer, seen=Seen(bundled=("writer", "teacher")))
    assert "acclimate-offline" not in repr(recipe.steps)
    assert recipe.judge == labellers.Score(teacher=models.scorer)


def test_labels_are_the_cross_encoders_own_scores(run: Path, models) -> None:
    corpus = Corpus.open(run / "tables" / "corpus.arrow")
    queries = Queries.open(run / "tables" / "queries.arrow")
    labels = Labels.open(run / "tables" / "labels.arrow")
    asked = [queries["text"][queries.position[q]] for q in labels["query_id"]]
    found = [corpus.contents[corpus.position[d]] for d in labels["doc_id"]]
    scores = models.scorer.open("cpu").score(asked, found)
    assert len(labels) > len(queries)
    np.testing.assert_allclose(labels.array("value"), scores, rtol=1e-4, atol=1e-4)


def test_a_document_with_the_text_of_the_source_is_no_candidate(run: Path) -> None:
    queries = Queries.open(run / "tables" / "queries.arrow")
    sources = dict(zip(queries["query_id"], queries["source_doc_id"], strict=True))
    candidates = Candidates.open(run / "tables" / "candidates.arrow")
    assert len(candidates)
    for row in candidates.dicts():
        source = sources[row["query_id"]]
        twin = source.removesuffix("-twin") if source.endswith("-twin") else f"{source}-twin"
        assert row["doc_id"] != twin, row


def test_the_outcome_is_a_model_and_a_report(run: Path) -> None:
    assert (run / "report.html").is_file()
    assert (run / "report.json").is_file()


def test_a_second_run_finds_every_step_of_the_first(run: Path, models) -> None:
    made = {path.name for path in (run / "steps").iterdir()}
    corpus = Corpus.joined([toys.CORPUS, TWINS])
    recipe = gpl(
        writer=models.writer,
        teacher=models.scorer,
        retrievers=(models.encoder,),
        queries=30,
        depth=20,
        steps=4,
        batch=24,
        held_out=6,
    )
    outcome = acclimate.adapt(recipe, corpus, models.encoder, out=run)
    assert {path.name for path in (run / "steps").iterdir()} == made
    assert outcome.run == run
