"""The laws catch what they are for: a careless part breaks each of them."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

import pytest

from acclimate.parts.part import Context
from acclimate.tables import Candidates, Corpus, Qrels, Queries
from acclimate.testing import behaviour, laws, samples
from acclimate.testing.laws import LawError

DOCS = "\n\nOrigin:  a test.\nCode:    none published.\n"


@dataclass(frozen=True, kw_only=True)
class Careful:
    """Keep the first queries.

    Origin:  a test.
    Code:    none published.

    Args:
        keep: how many.
    """

    keep: int = 2

    def __call__(self, queries: Queries, ctx: Context) -> Queries:
        return queries.head(self.keep)


def test_a_careful_part_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Careful, "__module__", "somewhere.filters.careful")
    laws.check_all(Careful, folder="filters")
    behaviour.check_repeats(Careful(), samples.things())
    behaviour.check_filter(Careful(), samples.things())


def test_a_part_must_be_frozen() -> None:
    @dataclass
    class Loose:
        keep: int = 1

    with pytest.raises(LawError, match="Loose is not a frozen dataclass"):
        laws.check_settings(Loose)


def test_a_part_has_at_most_8_settings() -> None:
    wide = dataclass(frozen=True)(
        type("Wide", (), {"__annotations__": {f"s{n}": int for n in range(9)}})
    )
    with pytest.raises(LawError, match="Wide has 9 settings"):
        laws.check_settings(wide)


def test_a_setting_without_default_must_be_keyword_only() -> None:
    @dataclass(frozen=True)
    class Positional:
        depth: int

    with pytest.raises(LawError, match="positional setting 'depth'"):
        laws.check_settings(Positional)


@dataclass(frozen=True)
class Forgetful:
    keep: int = 1
    hidden: int = field(default=0, repr=False)


def test_a_repr_rebuilds_the_part() -> None:
    laws.check_value(Forgetful())
    with pytest.raises(LawError, match="not equal to what its repr rebuilds"):
        laws.check_value(Forgetful(hidden=1))


@dataclass(frozen=True)
class WithList:
    names: Any = ()


def test_a_part_hashes() -> None:
    with pytest.raises(LawError, match="does not hash"):
        laws.check_value(WithList([1]))


@pytest.mark.parametrize(
    ("doc", "missing"),
    [
        ("Code: x\n\nArgs:\n    keep: how many.", "neither Paper nor Origin"),
        ("Paper: x\n\nArgs:\n    keep: how many.", "which code it follows"),
        ("Paper: x\nCode: y", "does not explain 'keep'"),
    ],
)
def test_a_docstring_names_paper_code_and_settings(
    doc: str, missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Careful, "__doc__", doc)
    with pytest.raises(LawError, match=missing):
        laws.check_docstring(Careful)


def test_a_part_lives_in_the_file_of_its_name() -> None:
    with pytest.raises(LawError, match=r"Careful lives in test_laws\.py"):
        laws.check_home(Careful)


class TakesAnything:
    def __call__(self, queries: Queries, more: dict) -> Queries:
        return queries


class ContextFirst:
    def __call__(self, ctx: Context, queries: Queries) -> Queries:
        return queries


class MustHaveReference:
    def __call__(self, scores: Any, targets: Any, mask: Any, reference: Any) -> Any:
        return scores


class MayHaveReference:
    def __call__(self, scores: Any, targets: Any, mask: Any, reference: Any = None) -> Any:
        return scores


class GivesCandidates:
    def __call__(self, queries: Queries, ctx: Context) -> Candidates:
        return Candidates.empty()


class TakesQrels:
    def __call__(self, queries: Queries, qrels: Qrels) -> Queries:
        return queries


@pytest.mark.parametrize(
    ("kind", "folder", "complaint"),
    [
        (TakesAnything, "filters", "takes 'more'"),
        (ContextFirst, "filters", "the context before"),
        (GivesCandidates, "generators", "but generators give Queries"),
        (GivesCandidates, "filters", "which it does not take"),
        (GivesCandidates, "losses", "A loss takes scores, targets and mask"),
        (MustHaveReference, "losses", "may take reference=None"),
    ],
)
def test_annotations_fit_the_folder(kind: type, folder: str, complaint: str) -> None:
    with pytest.raises(LawError, match=complaint):
        laws.check_annotations(kind, folder)


def test_a_loss_may_take_a_reference_that_it_can_do_without() -> None:
    laws.check_annotations(MayHaveReference, "losses")


def test_only_evaluators_take_judgements() -> None:
    laws.check_judgements(TakesQrels, "evaluators")
    with pytest.raises(LawError, match="TakesQrels takes Qrels"):
        laws.check_judgements(TakesQrels, "filters")


class Restless:
    calls: ClassVar[list[int]] = []

    def __call__(self, queries: Queries) -> Queries:
        self.calls.append(0)
        return queries.head(len(self.calls))


class Reverses:
    def __call__(self, queries: Queries) -> Queries:
        return queries.take(list(reversed(range(len(queries)))))


class Halves:
    def __call__(self, queries: Queries) -> Queries:
        return queries.head(len(queries) // 2)


class Crashes:
    def __call__(self, corpus: Corpus) -> Queries:
        return Queries.of({"query_id": "q", "text": corpus["text"][0]} for _ in "1")


class MarksNothing:
    def __call__(self, candidates: Candidates) -> Candidates:
        rows = [{**row, "is_source": False} for row in candidates.dicts()]
        return Candidates.of(rows)


class RanksFromZero:
    def __call__(self, candidates: Candidates) -> Candidates:
        return Candidates.of({**row, "rank": row["rank"] - 1} for row in candidates.dicts())


def test_a_part_repeats_itself() -> None:
    with pytest.raises(LawError, match="something else each time"):
        behaviour.check_repeats(Restless(), samples.things())


@pytest.mark.parametrize(
    ("part", "complaint"), [(Reverses(), "changes their order"), (Halves(), "applied twice")]
)
def test_a_filter_keeps_a_subset_in_order_and_stays(part: Any, complaint: str) -> None:
    with pytest.raises(LawError, match=complaint):
        behaviour.check_filter(part, samples.things())


def test_small_input_does_not_crash() -> None:
    with pytest.raises(IndexError):
        behaviour.check_small(Crashes(), samples.things("nothing"))


@pytest.mark.parametrize(
    ("part", "complaint"),
    [(MarksNothing(), "among its candidates and marked"), (RanksFromZero(), "not 1 to 4")],
)
def test_a_miner_ranks_from_1_and_marks_the_source(part: Any, complaint: str) -> None:
    with pytest.raises(LawError, match=complaint):
        behaviour.check_miner(part, samples.things())


@dataclass(frozen=True)
class OrderedLoss:
    def __call__(self, scores: Any, targets: Any, mask: Any) -> Any:
        return ((scores - targets)[0] * mask[0]).sum()


@dataclass(frozen=True)
class UnmaskedLoss:
    def __call__(self, scores: Any, targets: Any, mask: Any) -> Any:
        return ((scores - targets) ** 2).mean()


@dataclass(frozen=True)
class ClaimsZero:
    zero_at_teacher: ClassVar[bool] = True

    def __call__(self, scores: Any, targets: Any, mask: Any) -> Any:
        return (((scores - targets) ** 2 + 1) * mask).sum() / mask.sum()


@dataclass(frozen=True)
class SummedLoss:
    def counts(self, targets: Any, mask: Any) -> Any:
        return mask.any(dim=1)

    def __call__(self, scores: Any, targets: Any, mask: Any) -> Any:
        return ((scores - targets) ** 2 * mask).sum()


@dataclass(frozen=True)
class ClaimsShared:
    in_batch: ClassVar[bool] = True
    shared: ClassVar[bool] = True

    def __call__(self, scores: Any, targets: Any, mask: Any) -> Any:
        return (scores - targets)[:, 0].square().sum()


@dataclass(frozen=True)
class DetachedLoss:
    def __call__(self, scores: Any, targets: Any, mask: Any) -> Any:
        return ((scores - targets) * (scores - targets).detach() * mask).sum()


@pytest.mark.parametrize(
    ("loss", "complaint"),
    [
        (OrderedLoss(), "the order of the batch"),
        (UnmaskedLoss(), "masked cells"),
        (ClaimsZero(), "equal to its teacher"),
        (SummedLoss(), "cut into queries"),
        (ClaimsShared(), "the order of the columns"),
    ],
)
def test_a_loss_depends_on_what_it_may(loss: Any, complaint: str) -> None:
    with pytest.raises(LawError, match=complaint):
        behaviour.check_loss(loss)


def test_a_loss_has_the_gradient_of_its_value() -> None:
    with pytest.raises(Exception, match="Jacobian mismatch"):
        behaviour.check_loss(DetachedLoss())


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("import random; random.seed(1)", "the state of random"),
        ("import numpy; numpy.random.seed(1)", r"the state of numpy\.random"),
        ("import os; os.environ['A_NAME'] = 'x'", "the environment"),
        ("import logging; logging.basicConfig()", "the root logger"),
        ("import colorsys", "loads colorsys"),
    ],
)
def test_importing_changes_nothing_outside(
    line: str, what: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a_careless_module.py").write_text(line)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(LawError, match=what):
        laws.check_imports(["a_careless_module"], heavy=["colorsys"])
