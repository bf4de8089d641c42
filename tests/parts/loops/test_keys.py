"""Keys: a copy follows the student and fills a queue, and queries are scored against it. [098]"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from acclimate.models.student import Student
from acclimate.parts.labellers import SourceIsRelevant
from acclimate.parts.loops import Fit
from acclimate.parts.loops._keys import Keys
from acclimate.parts.losses import InfoNCE
from acclimate.parts.part import Context
from acclimate.parts.students import Adapter, Dense
from acclimate.tables import Candidates, Corpus, Labels, Queries
from acclimate.testing import samples
from acclimate.testing.fakes import FakeEngine
from acclimate.testing.tiny import tiny_encoder

pytestmark = pytest.mark.integration

THINGS: dict[type, Any] = samples.things()
CORPUS, QUERIES = THINGS[Corpus], THINGS[Queries]
LABELLED: Labels = SourceIsRelevant()(CORPUS, QUERIES, THINGS[Candidates], Context())
"""Of each query the source and the three documents after it, which are not relevant."""

LABELS = Labels.of(row for row in LABELLED.dicts() if row["value"] > 0)
"""Of each query the source alone."""

LOOP = Fit(loss=InfoNCE(temperature=0.05), batch=4, candidates=1)


def keys_of(
    student: Student, *, momentum: float = 0.9, labels: Labels = LABELS, **more: Any
) -> Keys:
    """What learns, before its first update; a queue of 8."""
    ctx = Context(seed=1, engine=FakeEngine())
    groups = LOOP._groups(CORPUS, QUERIES, labels, ctx)
    learner = LOOP._learner(CORPUS, QUERIES, groups, student, ctx)
    learner.material = replace(learner.material, **more)
    return Keys(learner, student.shape, places=8, momentum=momentum)


def update(keys: Keys, number: int) -> float:
    """The loss of an update of four, carried back; nothing moves but the copy and the queue."""
    told = 0.0
    for piece, value in keys.pieces(np.arange(4 * number, 4 * number + 4)):
        piece.backward()
        told += value
    return told


def vectors(learner: Any, texts: list[str], kind: Any) -> Any:
    with torch.no_grad():
        return learner.encoder.tensors(texts, kind=kind).numpy()


def test_the_copy_follows_by_the_share_that_is_left(student: Student) -> None:
    """[098]: 0.999 · 1.0 + 0.001 · 3.0 = 1.002; what does not learn stays as it is."""
    keys = keys_of(student, momentum=0.999)
    frozen, *moving = keys.first.model.parameters()
    frozen.requires_grad_(requires_grad=False)
    with torch.no_grad():
        for one in keys.first.model.parameters():
            one.fill_(3.0)
        for other in keys.second.model.parameters():
            other.fill_(1.0)
    keys.follow()
    first, *others = (weight.detach() for weight in keys.second.model.parameters())
    assert bool((first == 1).all())
    assert all(torch.allclose(weight, torch.tensor(1.002), atol=1e-7) for weight in others)
    assert all(bool((weight == 3).all()) for weight in moving)


def test_no_gradient_reaches_the_keys(student: Student) -> None:
    """[098]"""
    keys = keys_of(student)
    update(keys, 0)
    assert update(keys, 1) > 0
    assert any(weight.grad is not None for weight in keys.first.model.parameters())
    assert all(weight.grad is None for weight in keys.second.model.parameters())
    assert not keys.queue.requires_grad


def test_the_pointer_wraps_and_the_oldest_keys_go(student: Student) -> None:
    """[098]: 3 updates of 4 in a queue of 8: the third lies where the first was."""
    keys = keys_of(student)
    for number, pointer in enumerate([4, 0, 4]):
        made = torch.full((4, keys.queue.shape[1]), float(number))
        keys.enqueue(made, np.arange(4) + 4 * number)
        assert int(keys.pointer) == pointer
    assert keys.queue[:, 0].tolist() == [2] * 4 + [1] * 4
    assert keys.documents.tolist() == [8, 9, 10, 11, 4, 5, 6, 7]


def test_an_update_is_scored_against_its_own_keys_and_those_of_the_updates_before(
    student: Student,
) -> None:
    """The mean of −ln e^(q·k/τ) / (e^(q·k/τ) + Σ e^(q·k_i/τ)), by hand; then keys are queued."""
    keys = keys_of(student)
    with torch.no_grad():  # a copy that is not the student
        for weight in keys.second.model.parameters():
            weight.add_(0.1)
    assert update(keys, 0) == 0
    before = keys.queue[:4].double().numpy()
    drawn = keys.first.material.draw(np.arange(4, 8))
    value = update(keys, 1)
    documents = [CORPUS.contents[row] for row in drawn.documents[:, 0]]
    asked = vectors(keys.first, [QUERIES["text"][row] for row in drawn.queries], "query")
    own = vectors(keys.second, documents, "document")
    positive = np.exp((asked * own).sum(axis=1) / 0.05)
    negative = np.exp(asked @ before.T / 0.05).sum(axis=1)
    assert value == pytest.approx(-np.log(positive / (positive + negative)).mean(), abs=1e-6)
    assert np.allclose(keys.queue[4:].numpy(), own, atol=1e-6)
    assert keys.documents[4:].tolist() == drawn.documents[:, 0].tolist()
    assert not np.allclose(own, vectors(keys.first, documents, "document"), atol=1e-3)


def test_under_dropout_the_student_reads_and_its_copy_does_not(tmp_path: Path) -> None:
    encoder = tiny_encoder(tmp_path, texts=CORPUS.contents)
    config = tmp_path / "config.json"
    told = json.loads(config.read_text("utf-8")) | {"hidden_dropout_prob": 0.3}
    config.write_text(json.dumps(told), "utf-8")
    both = [keys_of(Dense(dropout=on)(Student(encoder=encoder))) for on in (False, True)]
    losses = [(update(keys, 0), update(keys, 1))[1] for keys in both]
    assert losses[0] != losses[1]
    assert torch.equal(both[0].queue, both[1].queue)


def test_labelled_documents_copies_of_a_querys_own_and_empty_places_do_not_count(
    student: Student,
) -> None:
    """Of places 0 to 7 the fourth has a stranger; the one before a document with a label of 0."""
    same = np.arange(len(CORPUS))
    keys = keys_of(student, labels=LABELLED, same=same)
    drawn = keys.first.material.draw(np.arange(1))
    own = int(drawn.documents[0, 0])
    copy, labelled, stranger = (own + 5) % 12, (own + 1) % 12, (own + 6) % 12
    same[copy] = same[own]
    keys.enqueue(torch.ones(4, 32), np.array([own, copy, labelled, stranger]))
    wide, columns = keys._widened(np.arange(1), drawn, torch.zeros(1, 1, dtype=torch.int64), 1)
    assert wide.documents.tolist() == [[own, -1, -1, -1, stranger, -1, -1, -1, -1]]
    assert wide.values.tolist() == [[1] + [0] * 8]
    assert columns.tolist() == [list(range(9))]


def test_behind_vectors_that_stay_a_copy_of_the_head_follows(student: Student) -> None:
    keys = keys_of(Adapter()(student))
    own = {id(weight) for weight in keys.second.model.parameters()}
    assert all(id(weight) in own for weight in keys.second.head.parameters())
    assert not own & {id(weight) for weight in keys.first.model.parameters()}
