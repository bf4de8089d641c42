"""Extractive: how sure a reader is that an answer stands in a document. [077]"""

from dataclasses import replace

import numpy as np
import pytest

from acclimate.engines.local import Local
from acclimate.errors import ModelError
from acclimate.models.readers import Extractive
from acclimate.models.ref import Ref
from acclimate.testing.tiny import TEXTS, tiny_reader

pytestmark = pytest.mark.integration

QUERY = "how often is the filter cleaned"


@pytest.fixture(scope="module")
def dpr(tmp_path_factory: pytest.TempPathFactory) -> Extractive:
    return tiny_reader(tmp_path_factory.mktemp("dpr"), head="passage")


@pytest.fixture(scope="module")
def squad(tmp_path_factory: pytest.TempPathFactory) -> Extractive:
    return tiny_reader(tmp_path_factory.mktemp("squad"), head="answerable")


def logits(reader: Extractive, document: str):
    """Tokens of a pair and what the model says of it, one pair alone."""
    import torch

    opened = reader.open("cpu")
    told = opened.tokenizer(QUERY, document, return_tensors="pt")
    inputs = {k: v for k, v in told.items() if k in opened._takes}
    with torch.inference_mode():
        return told, opened.model(**inputs, return_dict=True)


def best(told, first: np.ndarray, last: np.ndarray) -> float:
    """The best span of the document, by looking at all."""
    own = [place for place, part in enumerate(told.sequence_ids(0)) if part == 1]
    return max(first[i] + last[j] for i in own for j in own if i <= j < i + 30)


def test_a_reader_of_dpr_says_it_of_the_whole_document(dpr: Extractive) -> None:
    """[077]: r is the reader's relevance logit of a passage."""
    _, found = logits(dpr, TEXTS[0])
    score = dpr.open("cpu").score([QUERY], [TEXTS[0]])[0]
    assert score == pytest.approx(found.relevance_logits.item(), abs=1e-5)


@pytest.mark.parametrize("name", ["dpr", "squad"])
def test_a_span_is_a_first_and_a_last_token_of_the_document(name: str, request) -> None:
    reader = replace(request.getfixturevalue(name), head="span")
    for document in TEXTS[:3]:
        told, found = logits(reader, document)
        expected = best(told, found.start_logits[0].numpy(), found.end_logits[0].numpy())
        score = reader.open("cpu").score([QUERY], [document])[0]
        assert score == pytest.approx(expected, abs=1e-5)


def test_an_answer_is_compared_with_there_being_none(squad: Extractive) -> None:
    """No answer is a span of the first token, which stands before the query."""
    _, found = logits(squad, TEXTS[0])
    none = float(found.start_logits[0, 0] + found.end_logits[0, 0])
    span = replace(squad, head="span").open("cpu").score([QUERY], [TEXTS[0]])[0]
    assert squad.open("cpu").score([QUERY], [TEXTS[0]])[0] == pytest.approx(span - none, abs=1e-5)


def test_no_span_is_longer_than_thirty_tokens() -> None:
    import torch

    from acclimate.models.readers.spans import best_span

    first, last = torch.zeros(2, 40), torch.zeros(2, 40)
    first[:, 2], last[0, 31], last[1, 32], last[1, 1] = 5.0, 3.0, 3.0, 9.0
    own = torch.ones(2, 40, dtype=torch.bool)
    own[:, 0] = False
    assert best_span(first, last, own)[0].tolist() == [8.0, 9.0]  # (2, 31); (1, 1), not (2, 1)


def test_a_document_without_tokens_is_worse_than_any_span(squad: Extractive) -> None:
    reader = replace(squad, head="span")
    empty, some = reader.open("cpu").score([QUERY] * 2, ["", TEXTS[0]])
    assert np.isfinite(empty)
    assert empty <= some


@pytest.mark.parametrize("name", ["dpr", "squad"])
def test_padding_by_the_others_of_a_batch_changes_nothing(name: str, request) -> None:
    opened = request.getfixturevalue(name).open("cpu")
    documents = [TEXTS[0], TEXTS[0] + " " + TEXTS[1], "the valve"]
    alone = [opened.score([QUERY], [document])[0] for document in documents]
    assert opened.score([QUERY] * 3, documents) == pytest.approx(alone, abs=1e-4)
    assert opened.score([], []).shape == (0,)


def test_the_longer_text_of_a_pair_is_cut(squad: Extractive) -> None:
    short, long = replace(squad, max_length=12).open("cpu"), " ".join(["valve"] * 50)
    assert short.count_tokens([QUERY, long], [long, "valve"]).tolist() == [12, 12]
    assert short.count_tokens([], []).tolist() == []
    assert np.isfinite(short.score([long], ["valve"])).all()


def test_it_is_a_scorer_that_the_engine_asks_once(squad: Extractive, tmp_path) -> None:
    assert isinstance(squad, Ref)
    engine = Local(device="cpu", folder=tmp_path, precision="float32")
    first = engine.score(squad, [QUERY] * 2, list(TEXTS[:2]))
    assert engine.score(squad, [QUERY], [TEXTS[1]]).tolist() == [first[1]]
    assert engine.usage["score"]["computed"] == 2


def test_the_fingerprint_follows_settings_and_weights(dpr: Extractive, squad: Extractive) -> None:
    refs = (dpr, squad, replace(squad, head="span"), replace(squad, max_length=32))
    assert len({ref.fingerprint() for ref in refs}) == 4


def test_without_a_head_given_it_is_the_models_own(dpr: Extractive, squad: Extractive) -> None:
    for reader, head in ((dpr, "passage"), (squad, "answerable")):
        assert replace(reader, head="auto").open("cpu").head == head


def test_other_models_and_heads_they_lack_are_refused(squad: Extractive, encoder) -> None:
    with pytest.raises(ModelError, match="which finds no answers"):
        Extractive(encoder.model).open("cpu")
    with pytest.raises(ModelError, match='head="answerable"'):
        replace(squad, head="passage").open("cpu")
    with pytest.raises(ModelError, match="at least 8"):
        Extractive(max_length=7)
