"""Behaviour: the laws that can only be seen by calling a part.

Same seed and inputs give an identical output and leave the inputs alone; filters keep a subset
in order; miners rank from 1 and mark the source; losses do not depend on order or on masked
cells; one document, one query or none never hang or succeed silently.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from acclimate.errors import AcclimateError
from acclimate.models.student import Student
from acclimate.parts.part import Context, Part, call, needs
from acclimate.parts.shelf import Shelf
from acclimate.tables import Candidates, Corpus, Queries, Table
from acclimate.testing import samples, tensor_losses
from acclimate.testing.fakes import FakeEngine
from acclimate.testing.laws import LawError, check_value
from acclimate.testing.shapes import named_by_shape

Things = Mapping[type, Any]


def check_all(
    part: Part,
    *,
    folder: str,
    scratch: Path | None = None,
    student: Student | None = None,
    corpus: Corpus | None = None,
) -> None:
    """Every law of a part of this folder, over the toy corpus.

    Args:
        part: an instance, with fakes for models (`samples.part` makes one).
        folder: the folder of `acclimate.parts` it belongs to.
        scratch: where it may write, for parts that do.
        student: a real one, for parts that train. Default: one whose encoder is a fake.
        corpus: for parts that learn from documents of a kind of their own, such as conversations.
            Default: the toy corpus.
    """
    check_value(part)
    if folder == "losses":
        of_scores = not named_by_shape(type(part).__call__)
        check_loss(part) if of_scores else tensor_losses.check(part)
        return
    made = samples.judged if folder == "evaluators" else samples.things
    worlds = {size: made(size) | ({Student: student} if student else {}) for size in samples.SIZES}
    check_repeats(part, worlds["full"] | ({Corpus: corpus} if corpus else {}), scratch)
    for size in samples.SIZES[1:]:
        check_small(part, worlds[size], scratch)
    if folder == "filters":
        check_filter(part, worlds["full"])
    if folder == "miners":
        check_miner(part, worlds["full"])


def check_repeats(part: Part, things: Things, scratch: Path | None = None) -> None:
    """Law 4: the same seed and inputs give the same output; inputs and global state stay."""
    before = {kind: _content(thing) for kind, thing in things.items()}
    globally = (random.getstate(), repr(np.random.get_state()))  # noqa: NPY002 - the global state
    first, second = (_content(_call(part, things, scratch)) for _ in range(2))
    if first != second:
        raise LawError(f"{part!r} gives something else each time. Draw from ctx.rng(self) only.")
    if before != {kind: _content(thing) for kind, thing in things.items()}:
        raise LawError(f"{part!r} changes its inputs. Build new tables instead.")
    if globally != (random.getstate(), repr(np.random.get_state())):  # noqa: NPY002
        raise LawError(f"{part!r} moves a global random state. Draw from ctx.rng(self) only.")


def check_small(part: Part, things: Things, scratch: Path | None = None) -> None:
    """Law 9: few or no rows give a table, or an error that says what is missing."""
    try:
        result = _call(part, things, scratch)
    except AcclimateError as error:
        if len(str(error).split()) < 3:
            raise LawError(f"{part!r} refuses small input without saying why: {error}") from error
        return
    if not isinstance(result, Table | Student | Path):
        raise LawError(f"{part!r} gives {type(result).__name__} for small input.")


def check_filter(part: Part, things: Things) -> None:
    """Law 5: the output is a subset of the input in its order, and stays when filtered again.

    A filter that draws at random says so: ``stochastic: ClassVar[bool] = True``.
    """
    result = _call(part, things)
    kept, given = samples.rows_of(result), iter(samples.rows_of(things[type(result)]))
    if not all(row in given for row in kept):  # consumes `given`: order counts
        raise LawError(f"{part!r} adds rows or changes their order. A filter only removes.")
    if getattr(part, "stochastic", False):
        return
    shelf = Shelf(things.values())
    shelf.put(result)
    again = _call(part, {type(thing): thing for thing in shelf})
    if _content(again) != _content(result):
        raise LawError(f"{part!r} removes more when it is applied twice.")


def check_miner(part: Part, things: Things) -> None:
    """Law 6: ranks are 1 to n, scores fall, and the source document is there and marked."""
    candidates: Candidates = _call(part, things)
    queries: Queries = things[Queries]
    by_query: dict[str, list[dict[str, Any]]] = {q: [] for q in queries["query_id"]}
    for row in candidates.dicts():
        by_query[row["query_id"]].append(row)
    for query in queries.dicts():
        rows = by_query[query["query_id"]]
        if sorted(row["rank"] for row in rows) != list(range(1, len(rows) + 1)):
            raise LawError(f"{part!r}: ranks of {query['query_id']} are not 1 to {len(rows)}.")
        marked = [row["doc_id"] for row in rows if row["is_source"]]
        if query["source_doc_id"] is not None and marked != [query["source_doc_id"]]:
            raise LawError(
                f"{part!r}: the source {query['source_doc_id']} of {query['query_id']} is not "
                f"among its candidates and marked; marked are {marked}."
            )


def check_loss(loss: Any) -> None:
    """Law 7: permuting the batch or changing masked cells changes nothing; gradients are right.

    Nor does cutting the batch into queries, where a loss says which of them count.

    A loss that is zero where student and teacher agree says so:
    ``zero_at_teacher: ClassVar[bool] = True``.
    """
    import torch

    drawn = np.random.default_rng(0)
    scores, targets = (torch.tensor(drawn.normal(size=(4, 5))) for _ in range(2))
    mask = torch.ones(4, 5, dtype=torch.bool)
    mask[1, 3:] = mask[2, 4] = False
    value = loss(scores, targets, mask)
    order = torch.tensor([2, 0, 3, 1])
    _same(loss, value, loss(scores[order], targets[order], mask[order]), "the order of the batch")
    if getattr(loss, "shared", False):
        columns = [tensor[:, [3, 0, 4, 2, 1]] for tensor in (scores, targets, mask)]
        _same(loss, value, loss(*columns), "the order of the columns")
    hidden = torch.where(mask, 0.0, 1e3)
    _same(loss, value, loss(scores + hidden, targets - hidden, mask), "masked cells")
    scores = scores.requires_grad_()
    if not torch.autograd.gradcheck(lambda s: loss(s, targets, mask), (scores,), fast_mode=False):
        raise LawError(f"{loss!r} has a wrong gradient.")
    (gradient,) = torch.autograd.grad(loss(scores, targets, mask), scores)
    if gradient[~mask].any():
        raise LawError(f"{loss!r} has a gradient at masked cells.")
    _check_pieces(loss, scores.detach(), targets, mask, value)
    if getattr(loss, "zero_at_teacher", False):
        _same(loss, torch.zeros(()), loss(targets, targets, mask), "a student equal to its teacher")


def _check_pieces(loss: Any, scores: Any, targets: Any, mask: Any, value: Any) -> None:
    """A loss that says which queries count is their mean, so that a batch may be cut in pieces."""
    if not hasattr(loss, "counts") or getattr(loss, "in_batch", False):
        return
    counts = loss.counts(targets, mask).double()
    alone = [loss(scores[[row]], targets[[row]], mask[[row]]) for row in range(len(scores))]
    mean = sum(one * count for one, count in zip(alone, counts, strict=True)) / counts.sum()
    _same(loss, value, mean, "its batch cut into queries. Its value is the mean over those")


def _same(loss: object, expected: Any, value: Any, what: str) -> None:
    if not np.isclose(float(expected), float(value), rtol=1e-9, atol=1e-12):
        raise LawError(f"{loss!r} is {float(value)}, not {float(expected)}, with {what}.")


def _call(part: Part, things: Things, scratch: Path | None = None) -> Any:
    inputs = {name: things[kind] for name, kind in needs(part).items()}
    folder = Path(tempfile.mkdtemp(dir=scratch)) if scratch else None  # nothing to resume from
    return call(part, inputs, Context(seed=7, engine=FakeEngine(), folder=folder))


def _content(thing: Any) -> Any:
    """What makes two results equal: rows, weights, or the name that a folder has by its content."""
    if isinstance(thing, Table):
        return thing.digest
    if isinstance(thing, Path):
        return thing.name
    return thing.fingerprint() if isinstance(thing, Student) else thing
