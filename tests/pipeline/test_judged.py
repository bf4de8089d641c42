"""Judged: a plan shows how often readers are asked, and counts what that takes."""

import pytest

from acclimate.models.readers import FusionInDecoder, LanguageModel
from acclimate.models.scorers import CrossEncoder
from acclimate.models.student import Student
from acclimate.parts import filters, labellers, loops, losses, miners, students
from acclimate.pipeline.costs import Flow, Rates, foresee
from acclimate.pipeline.judged import COUNTED, encoded, judged
from acclimate.recipes.aar import aar
from acclimate.recipes.llm_r import llm_r
from acclimate.recipes.recipe import Recipe
from acclimate.tables import Corpus, Queries

READER, SCORER, FUSED = LanguageModel("reader"), CrossEncoder("scorer"), FusionInDecoder("t5")
RATES = Rates(
    encode=1_000.0, train=500.0, others={repr(READER): 50.0, repr(SCORER): 100.0, repr(FUSED): 20.0}
)
FLOW = Flow(documents=2_000, tokens=128.0, queries=90, held=10, candidates=8)


def seconds_and_readings(part: object, *, queries: int = 100) -> tuple[float, int]:
    told = judged(part, FLOW, RATES, queries=queries, candidates=8)
    return told.seconds, told.readings


def test_a_reader_reads_each_pair_and_for_a_gain_nothing_besides() -> None:
    likely = labellers.ReaderLikelihood(reader=READER)
    assert seconds_and_readings(likely) == (800 / 50, 800)
    gains = labellers.ReaderLikelihood(reader=READER, gain=True)
    assert seconds_and_readings(gains) == (900 / 50, 900)
    looks = labellers.ReaderAttention(reader=FUSED)
    assert seconds_and_readings(looks) == (800 / 20, 800)


def test_counting_needs_no_rate_of_a_model() -> None:
    assert seconds_and_readings(labellers.ReaderLikelihood()) == (800 / COUNTED, 800)


def test_masks_are_readings_of_half_a_list_as_far_as_it_is_read() -> None:
    """64 of 100 queries; 4 of 8 documents of 128 tokens are what 512 tokens hold."""
    for most, together in ((512, 4), (256, 2), (64, 1)):
        reader = LanguageModel("reader", max_length=most)
        rates = Rates(encode=1.0, train=1.0, others={repr(reader): 50.0})
        part = labellers.PerturbationAttribution(reader=reader)
        told = judged(part, FLOW, rates, queries=100, candidates=8)
        assert (told.seconds, told.readings) == (6_400 * together / 50, 6_400)


def test_labellers_inside_others_are_counted() -> None:
    likely, score = labellers.ReaderLikelihood(reader=READER), labellers.Score(teacher=SCORER)
    both = labellers.Ensemble(labellers=(likely, score))
    assert seconds_and_readings(both) == (pytest.approx(800 / 50 + 800 / 100), 800)
    preferred = labellers.Preferred(labeller=likely, pool=5)
    assert seconds_and_readings(preferred) == (500 / 50, 500)


def test_vectors_are_encoded_once() -> None:
    seconds, flow = encoded("base", FLOW, RATES.encode)
    assert seconds == 2_000 * 128 / 1_000
    assert encoded("base", flow, RATES.encode) == (0.0, flow)


def test_a_plan_shows_the_calls_of_the_reader() -> None:
    steps = (
        miners.BM25(depth=7),
        labellers.ReaderLikelihood(reader=READER, gain=True),
        filters.PositiveGain(),
    )
    recipe = Recipe("r", steps, brings=(Corpus, Queries, Student))
    (told,) = [e for e in foresee(recipe, FLOW, RATES) if e.step == "ReaderLikelihood"]
    assert told.what == "800 pairs, 900 calls of the reader"
    assert told.seconds == 18.0


def test_ten_of_seventeen_candidates_are_read_for_preferences() -> None:
    """The source, the ten that are read, and seven behind them; 500 held out of 6,000 queries."""
    told = foresee(aar(reader=FUSED), Flow(documents=2_000, tokens=128.0), RATES)
    (step,) = [e for e in told if e.step == "WithoutQuery"]  # around labellers.Preferred
    assert step.what == "108,000 pairs, 60,000 calls of the reader"
    assert step.seconds == 60_000 / 20


def test_a_teacher_that_learns_first_reads_every_candidate() -> None:
    told = foresee(llm_r(rounds=1), Flow(documents=2_000, tokens=128.0), RATES)
    by_step = {e.step.removeprefix("stage 1: "): e for e in told}
    assert by_step["teacher: labels"].seconds == 6_000 * 33 * (16 + 128) / 1_000
    pairs = 100 * 16 * (16 + 8 * 128) / 500
    assert by_step["teacher: Fit"].seconds == pytest.approx(pairs)
    assert by_step["Fit"].seconds == pytest.approx(200 * 16 * (16 + 4 * 128) / 500)


def test_a_teacher_of_its_own_shape_costs_what_its_loop_does() -> None:
    fit = loops.Fit(loss=losses.KLDivergence(), steps=10, batch=4, candidates=2)
    steps = (
        miners.BM25(depth=7),
        labellers.SourceIsRelevant(),
        loops.TeacherThenDistil(teaching=fit, loop=fit, shape=students.Reranker()),
    )
    told = foresee(Recipe("r", steps, brings=(Corpus, Queries, Student)), FLOW, RATES)
    fits = [e.seconds for e in told if e.step.endswith("Fit")]
    assert fits == [10 * 4 * (16 + 2 * 128) / 500] * 2
