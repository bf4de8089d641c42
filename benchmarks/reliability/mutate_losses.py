"""Mutants: every loss with one thing wrong; does a test of that loss notice?

    python benchmarks/reliability/mutate_losses.py [NAME ...]

A mutant is the loss's file with one change: a sign, an axis, a reduction, a comparison, a
constant, a condition turned round. It is compiled from memory and put in the place of the real one
inside a forked child, which runs the tests of that file until one fails; nothing is written, and a
mutant takes a fraction of a second. What no test notices is a survivor: a hole in the tests, or a
change that changes nothing, which EQUIVALENT names with the reason.

Files that begin with an underscore are what several losses share: the tests of all losses are
theirs. Tests marked as integration are left out, defaults of settings are not changed.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import importlib
import inspect
import io
import json
import os
import signal
import sys
import time
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import record
from mutations import Mutant, mutants, unchanged

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "acclimate" / "parts" / "losses"
TESTS = ROOT / "tests" / "parts" / "losses"
PACKAGE = "acclimate.parts.losses"
CHILD_TIMEOUT_SECONDS = 600

LEFT_OUT = "queries that have none are left out by mean_over, whatever their quotient is"
SHARE = "an nDCG is a share of the best list: what all discounts are multiplied with cancels"
HIDDEN = "what is put in the place of masked vectors never counts, it need only be a number"

EQUIVALENT: dict[tuple[str, str, str], str] = {
    (
        "corpus_contrastive",
        "0.0 -> 1.0",
        "vectors_ND = torch.where(mask_B[:, None, None], spans_BSD, 0.0).flatten(0, 1)",
    ): HIDDEN,
    (
        "corpus_contrastive",
        "dim -> 0 in kept_NN.sum(dim=1)",
        "return mean_over(kept_NN.sum(dim=1) / (spans - 1), there_N)",
    ): "every pair of spans is there in both directions, and all are summed in the end",
    (
        "full_contrastive",
        "0.0 -> 1.0",
        "documents_BKD = torch.where(mask_BK[..., None], documents_BKD, 0.0)",
    ): HIDDEN,
    (
        "multi_positive_info_nce",
        "clamp dropped in relevant_BK.sum(dim=1).clamp(min=1)",
        "of_query_B = kept_BK.sum(dim=1) / relevant_BK.sum(dim=1).clamp(min=1)",
    ): LEFT_OUT,
    (
        "query_side_contrastive",
        "clamp dropped in edits_BK.sum(dim=1).clamp(min=1)",
        "return mean_over(kept_BK.sum(dim=1) / edits_BK.sum(dim=1).clamp(min=1), counts_B)",
    ): LEFT_OUT,
    (
        "margin_mse",
        "clamp dropped in there_BK.sum(dim=1).clamp(min=1)",
        "of_query_B = errors_BK.square().sum(dim=1) / there_BK.sum(dim=1).clamp(min=1)",
    ): LEFT_OUT,
    (
        "_pairs",
        "clamp dropped in mask_BK.sum(dim=1).clamp(min=1)",
        "return shown(values_BK, mask_BK).sum(dim=1) / mask_BK.sum(dim=1).clamp(min=1)",
    ): LEFT_OUT,
    (
        "_pairs",
        "clamp dropped in pairs_BKK.sum(dim=(1, 2)).clamp(min=1)",
        "return pair_sum(values_BKK, pairs_BKK) / pairs_BKK.sum(dim=(1, 2)).clamp(min=1)",
    ): LEFT_OUT,
    (
        "_pairs",
        "1 -> 2",
        "return _within(1 / divisors_BK, ranks_BK, depth)",
    ): SHARE,
    (
        "_pairs",
        "log2 -> log in torch.log2(ranks_BK + 1)",
        "divisors_BK = torch.log2(ranks_BK + 1)",
    ): SHARE,
}
"""(file, change, line of code) -> why no test can tell this mutant from the loss."""


class InTurn:
    """A plugin of pytest that runs the collected tests once for each mutant, in a child."""

    def __init__(self, name: str, chosen: list[Mutant]) -> None:
        self.name = name
        self.chosen = chosen
        self.survivors: list[Mutant] = []

    def pytest_runtestloop(self, session: Any) -> bool:
        if not session.items:
            raise SystemExit(f"{self.name} has no tests.")
        if not self._passes(session, unchanged(_text(self.name))):
            raise SystemExit(f"The tests of {self.name} fail without any mutant.")
        self.survivors = [mutant for mutant in self.chosen if self._passes(session, mutant)]
        return True

    def _passes(self, session: Any, mutant: Mutant) -> bool:
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            code = 1
            try:
                signal.alarm(CHILD_TIMEOUT_SECONDS)
                _silence()
                install(self.name, mutant)
                code = int(_fails(session))
            finally:
                os._exit(code)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if code < 0:  # no verdict of the tests
            raise SystemExit(f"The tests of {self.name} were ended by signal {-code}.")
        return code == 0


def _silence() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


def _fails(session: Any) -> bool:
    """Run the tests until one fails."""
    following = [*session.items[1:], None]
    for item, after in zip(session.items, following, strict=True):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
        if session.testsfailed:
            return True
    return False


def install(name: str, mutant: Mutant) -> None:
    """Put the mutant in the place of the module, wherever its things have been imported."""
    module = sys.modules[f"{PACKAGE}.{name}"]
    changed = types.ModuleType(module.__name__)
    exec(compile(mutant.tree, str(module.__file__), "exec"), vars(changed))
    replaced = {}
    for key, old in vars(module).items():
        if key.startswith("__") or getattr(old, "__module__", module.__name__) != module.__name__:
            continue
        if inspect.isclass(old) and dataclasses.is_dataclass(old):
            _become(old, vars(changed)[key])  # tests hold instances of it
        elif not inspect.ismodule(old):
            replaced[id(old)] = (old, vars(changed)[key])
    places = (PACKAGE, "tests.parts.losses", "test_")
    for other in list(sys.modules.values()):
        if getattr(other, "__name__", "").startswith(places):
            _replace(vars(other), replaced)


def _replace(names: dict[str, Any], replaced: dict[int, tuple[Any, Any]]) -> None:
    for key, value in list(names.items()):
        old, new = replaced.get(id(value), (None, None))
        if old is value and old is not None:
            names[key] = new


def _become(old: type, new: Any) -> None:
    """Give a class what another one has."""
    for key, value in vars(new).items():
        if key not in {"__dict__", "__weakref__", "__module__", "__doc__", "__qualname__"}:
            setattr(old, key, value)


def judge(name: str) -> dict[str, Any]:
    """How many mutants of a file its tests notice, and the others."""
    import pytest

    found = list(mutants(_text(name)))
    known = [m for m in found if (name, m.change, m.code) in EQUIVALENT]
    turn = InTurn(name, [m for m in found if m not in known])
    tests = sorted(TESTS.glob("test_*.py")) if name[0] == "_" else [TESTS / f"test_{name}.py"]
    options = ["-q", "-p", "no:cacheprovider", "-m", "not integration", f"--rootdir={ROOT}"]
    with contextlib.redirect_stdout(io.StringIO()) as told:
        code = pytest.main([*map(str, tests), *options], plugins=[turn])
    if code != 0:
        raise SystemExit(f"The tests of {name} could not be run:\n{told.getvalue()}")
    return {
        "mutations": len(found),
        "killed": len(found) - len(known) - len(turn.survivors),
        "equivalent": [
            {**m.as_json(), "reason": EQUIVALENT[name, m.change, m.code]} for m in known
        ],
        "survivors": [m.as_json() for m in turn.survivors],
    }


def _text(name: str) -> str:
    return (SOURCE / f"{name}.py").read_text("utf-8")


def names() -> Iterator[str]:
    """Every file of the folder that has something to change, the losses first."""
    stems = [p.stem for p in SOURCE.glob("*.py") if p.stem != "__init__"]
    yield from sorted(stems, key=lambda stem: (stem[0] == "_", stem))


def main() -> None:
    """Judge every file; one JSON."""
    options = _options()
    os.environ |= {"OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1", "CUDA_VISIBLE_DEVICES": ""}
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    os.chdir(ROOT)
    _import()
    result = record.frame("reliability/mutate_losses", {})
    for name in options.names or names():
        begin = time.perf_counter()
        told = judge(name)
        files = dict(sorted({**_judged(options.out), f"{name}.py": told}.items()))
        result |= {"files": files, **_totals(files)}
        record.write(options.out, result)
        print(
            f"{name}: {told['killed']} of {told['mutations']} noticed, "
            f"{len(told['equivalent'])} equivalent, {len(told['survivors'])} survive "
            f"({time.perf_counter() - begin:.0f} s)",
            flush=True,
        )
        for survivor in told["survivors"]:
            print(f"  line {survivor['line']}: {survivor['change']}   {survivor['code']}")
    print(f"{result['killed']} of {result['mutations']}, {result['survivors']} survive.")
    sys.exit(result["survivors"] > 0)


def _totals(files: dict[str, Any]) -> dict[str, int]:
    return {
        "mutations": sum(told["mutations"] for told in files.values()),
        "killed": sum(told["killed"] for told in files.values()),
        "equivalent": sum(len(told["equivalent"]) for told in files.values()),
        "survivors": sum(len(told["survivors"]) for told in files.values()),
    }


def _judged(out: Path) -> dict[str, Any]:
    """What is known of the files that are still there, from runs before."""
    known: dict[str, Any] = json.loads(out.read_text("utf-8"))["files"] if out.exists() else {}
    return {file: told for file, told in known.items() if (SOURCE / file).exists()}


def _import() -> None:
    """Import what the tests import, so that children begin at once."""
    import torch

    torch.set_num_threads(1)
    for name in names():
        importlib.import_module(f"{PACKAGE}.{name}")
    importlib.import_module("acclimate.testing.behaviour")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", help="files to judge, as info_nce; default: all")
    parser.add_argument("--out", type=Path, default=record.RESULTS / "mutate_losses.json")
    return parser.parse_args()


if __name__ == "__main__":
    main()
