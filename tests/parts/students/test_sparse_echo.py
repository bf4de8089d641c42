"""Sparse: a decoder gives weights of words, and knows what is said last. [052]"""

from itertools import product
from pathlib import Path

import numpy as np
import pytest
import torch

from acclimate.engines.local import Local
from acclimate.models.encoders import Sparse as Words
from acclimate.models.encoders.terms import TermEncoder
from acclimate.models.student import Student
from acclimate.parts.loops import Fit
from acclimate.parts.loops._written import finished
from acclimate.parts.losses import Flops, InfoNCE, QuadraticWarmup
from acclimate.parts.part import Context
from acclimate.parts.students import LowRank, Sparse
from acclimate.tables import Corpus, Labels, Queries
from acclimate.testing import samples, toys
from acclimate.testing.tiny import TEXTS, tiny_decoder

pytestmark = pytest.mark.integration

BEASTS = ("fox", "hen", "cat", "owl", "bee", "elk")
STATES = {
    "runs": ("still", "moving"),
    "sings": ("quiet", "loud"),
    "sleeps": ("awake", "resting"),
    "eats": ("hungry", "full"),
}
"""What a beast is when it never does a thing, and when it does."""

SAID = [(*case, ends) for ends in (0, 1) for case in product(BEASTS, STATES)]
DOCUMENTS = [f"{beast} {verb}{'' if ends else ' never'}" for beast, verb, ends in SAID]
"""Those that end in "never" stand first: where both have one score, the wrong one is found."""

ASKED = [f"{beast} {STATES[verb][ends]}" for beast, verb, ends in SAID]
"""For each document one query, in words that no document has."""

NEW = np.array([(BEASTS.index(b) + list(STATES).index(v)) % 4 == 0 for b, v, _ in SAID])
"""Pairs of a beast and a verb that no training shows: both occur in others."""


def taught(folder: Path, *, echo: bool) -> TermEncoder:
    """A decoder after 40 updates of contrast between all documents that are shown."""
    base = tiny_decoder(folder, texts=(*DOCUMENTS, *ASKED))
    words = TermEncoder(Sparse(echo=echo).prepare(base.load()))
    seen = np.flatnonzero(~NEW)
    queries, documents = [ASKED[row] for row in seen], [DOCUMENTS[row] for row in seen]
    targets = torch.eye(len(seen))
    learns = torch.optim.Adam(words.model.parameters(), lr=1e-2)
    for _ in range(40):
        asked = words.tensors(queries, kind="query")
        scores = asked @ words.tensors(documents, kind="document").T
        learns.zero_grad()
        InfoNCE(temperature=1.0)(scores, targets, torch.ones_like(scores).bool()).backward()
        learns.step()
    return words


def gains(words: TermEncoder) -> np.ndarray:
    """For each query nDCG@10, of which one document is the answer; equal scores in their order."""
    scores = words.encode(ASKED, kind="query") @ words.encode(DOCUMENTS, kind="document").T
    order = np.argsort(-scores, axis=1, kind="stable")
    rank = 1 + np.argmax(order == np.arange(len(ASKED))[:, None], axis=1)
    return np.where(rank <= 10, 1 / np.log2(1 + rank), 0.0)


def test_an_echo_finds_what_hangs_on_the_last_word(tmp_path: Path) -> None:
    """[052]: "fox runs" is not "fox runs never"; without an echo the second is all of the first."""
    words = taught(tmp_path / "echo", echo=True)
    twice, once = gains(words), gains(taught(tmp_path / "plain", echo=False))
    does = np.array([bool(ends) for *_, ends in SAID])
    assert (once[does] <= 1 / np.log2(3) + 1e-9).all()  # never first
    assert twice[NEW].mean() > 0.85 > once[NEW].mean()
    assert twice[NEW & does].mean() > 0.8

    # Words that are not in the text: the one that is right weighs more than its opposite.
    weights = words.encode(DOCUMENTS, kind="document")
    number = words.model.tokenizer.get_vocab()
    right, wrong = (
        np.array([
            weights[row, number[STATES[verb][ends if says else 1 - ends]]]
            for row, (_, verb, ends) in enumerate(SAID)
        ])
        for says in (True, False)
    )  # fmt: skip
    assert (right > 0).mean() > 0.75
    assert right.mean() > 1.3 * wrong.mean()


def test_training_presses_on_a_decoder_as_on_an_encoder(tmp_path: Path) -> None:
    things = samples.things()
    tables = (things[Corpus], things[Queries], things[Labels])
    base = tiny_decoder(tmp_path / "base", texts=toys.CORPUS.contents)
    kept = []
    for weight in (0.0, 0.3):
        strength = QuadraticWarmup(weight=weight, steps=5)
        shape = Sparse(penalty=Flops(), query_weight=strength, document_weight=strength)
        folder = tmp_path / str(weight)
        ctx = Context(engine=Local(device="cpu", folder=folder / "engine"), folder=folder)
        fit = Fit(
            loss=InfoNCE(temperature=1.0), steps=25, batch=6, candidates=3,
            learning_rate=1e-2, warmup=2,
        )  # fmt: skip
        after = fit(*tables, shape(Student(encoder=base)), ctx)
        weights = after.encoder.open("cpu").encode(toys.CORPUS.contents, kind="document")
        kept.append((weights > 0).sum(axis=1).mean())
    assert kept[1] < 0.5 * kept[0]


def test_low_rank_matrices_learn_behind_an_echo(tmp_path: Path) -> None:
    pytest.importorskip("peft")
    began = Sparse().prepare(tiny_decoder(tmp_path / "base").load())
    sparse = Words(str(finished(began, tmp_path / "sparse")))
    shape = LowRank(rank=2, alpha=4)
    model = shape.prepare(sparse.load())
    learns = [weights for weights in model.parameters() if weights.requires_grad]
    adam = torch.optim.Adam(learns, lr=1e-2)
    for _ in range(2):
        adam.zero_grad()
        TermEncoder(model).tensors(TEXTS, kind="document").sum().backward()
        adam.step()
    after = Words(str(finished(shape.settled(model), tmp_path / "after"))).open("cpu")
    moved = after.encode(TEXTS, kind="document") - sparse.open("cpu").encode(TEXTS, kind="document")
    assert np.abs(moved).max() > 1e-3


def test_queries_of_a_decoder_can_be_looked_up(tmp_path: Path) -> None:
    base = tiny_decoder(tmp_path / "base")
    made = Sparse(inference_free=True).prepare(base.load())
    words = Words(str(finished(made, tmp_path / "made"))).open("cpu")
    (query,) = words.encode(["the pump"], kind="query")
    number = words.model.tokenizer.get_vocab()
    assert set(np.flatnonzero(query)) == {number["the"], number["pump"]}
    read = TermEncoder(Sparse().prepare(base.load())).encode(TEXTS, kind="document")
    assert np.allclose(words.encode(TEXTS, kind="document"), read, atol=1e-5)


def test_what_reads_twice_goes_on_reading_twice(tmp_path: Path) -> None:
    made = Sparse().prepare(tiny_decoder(tmp_path).load())
    assert Sparse(echo=False).prepare(made) is made
