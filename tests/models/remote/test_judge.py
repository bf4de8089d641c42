"""Judge: a language model where a cross-encoder can teach; its grades are kept in the ledger."""

import math
import pickle
from pathlib import Path

import numpy as np
import pytest

from acclimate.engines.local import Local
from acclimate.models.remote import Judge, Remote
from acclimate.models.remote.judge import expected_grade
from acclimate.pipeline.saved import from_json, to_json
from acclimate.testing.chat_server import Faults

QUERIES = ["bees dance", "bees dance", "tides rise"]
DOCUMENTS = ["the bees dance", "the tides", "bees in clover"]


def test_pairs_get_the_grade_to_be_expected(serve, tmp_path: Path) -> None:
    server = serve()
    judge = Judge(writer=Remote(model="toy", url=server.url))
    scores = Local(device="cpu", folder=tmp_path).score(judge, QUERIES, DOCUMENTS)
    # all words shared: grade 3 at 0.7 and 0.1 each for 0, 1, 2, in all 2.4; none: 0.1 · (1 + 2 + 3)
    assert scores == pytest.approx([2.4, 0.6, 0.6])


def test_a_pair_is_paid_once_whatever_engine_asks(serve, tmp_path: Path) -> None:
    server = serve()
    judge = Judge(writer=Remote(model="toy", url=server.url))
    for _ in range(2):
        Local(device="cpu", folder=tmp_path).score(judge, QUERIES, DOCUMENTS)
    assert server.seen.requests == 3


def test_engines_that_keep_their_answers_together_pay_once_and_count_it(serve, tmp_path) -> None:
    server = serve()
    judge = Judge(writer=Remote(model="toy", url=server.url, price_out=1e6))
    paid, used = [], []
    for _ in range(2):
        engine = Local(device="cpu")
        engine.keep_answers_in(tmp_path / "answers")
        engine.score(judge, QUERIES, DOCUMENTS)
        paid.append((engine.usage["score"]["requests"], engine.usage["score"]["money"]))
        used.append(len(engine.answers.used))
    # '{"grade": ', a digit and '}': three tokens of each answer, at 1 a token
    assert paid == [(3, 9.0), (0, 0.0)]
    assert used == [3, 3]
    assert server.seen.requests == 3


def test_no_verdict_is_no_score_and_is_not_kept_as_one(serve, tmp_path: Path) -> None:
    server = serve(faults=Faults(schema=1.0))
    judge = Judge(writer=Remote(model="toy", url=server.url))
    engine = Local(device="cpu", folder=tmp_path)
    assert np.isnan(engine.score(judge, QUERIES, DOCUMENTS)).all()
    assert server.seen.requests == 2 * 3  # each with one repair
    engine.score(judge, QUERIES, DOCUMENTS)
    assert server.seen.requests == 2 * 3  # the reasons are kept


def test_a_judge_is_a_value() -> None:
    judge = Judge(writer=Remote(model="m", url="http://127.0.0.1:1/v1"))
    assert from_json(to_json(judge)) == judge == pickle.loads(pickle.dumps(judge))  # noqa: S301
    assert judge.fingerprint() != judge.writer.fingerprint()
    assert judge.model == "m"


def test_a_grade_without_probabilities_is_itself_and_nothing_is_nan() -> None:
    assert expected_grade('{"grade": 1}') == 1.0
    assert expected_grade('{"grade": 1, "chances": {"0": 0.2, "3": 0.2}}') == pytest.approx(1.5)
    assert math.isnan(expected_grade(""))
