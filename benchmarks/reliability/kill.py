"""Crash: kill -9 at random moments of a run; what is resumed must equal what was never killed.

A small run (tiny models drawn at random, documents of the API documentation) is made twice
without interruption: both must agree, and the second gives the time a run takes. Then, for every
random moment: a run is started, killed with all its children, started again with the same call,
and left to end. Every table of every step, by content, and all weights, byte for byte, must
equal the uninterrupted run's.

Runs are forked from one process that has the libraries imported, since a kill during an import
proves nothing; --fresh starts a new interpreter each time, through the command line's function.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import re
import shutil
import signal
import statistics
import sys
import tempfile
import time
import traceback
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import record

HERE = Path(__file__).resolve().parent
RUN_TIMEOUT_SECONDS = 900
CHECKPOINT_UPDATES = 7


@dataclass(frozen=True, kw_only=True)
class Case:
    """What every run of this benchmark does.

    Args:
        recipe: gpl, or default.
        documents: how many.
        steps: updates of the training.
        seed: of the run.
        folder: where models and texts lie.
    """

    recipe: str
    documents: int
    steps: int
    seed: int
    folder: Path

    def prepare(self) -> None:
        """Build the tiny models and write the texts."""
        from acclimate.tables import Corpus
        from acclimate.testing.api_docs import collection
        from acclimate.testing.tiny import tiny_encoder, tiny_scorer, tiny_writer

        corpus, _, _ = collection(("numpy",))
        draw = random.Random(self.seed)
        rows = sorted(draw.sample(range(len(corpus)), self.documents))
        texts = [" ".join(corpus["text"][i].split()[:45]) for i in rows]
        Corpus.columns(
            doc_id=[f"d{i}" for i in range(len(texts))], title=[""] * len(texts), text=texts
        ).write(self.folder / "corpus.arrow")
        tiny_encoder(self.folder / "student", texts=texts)
        tiny_scorer(self.folder / "teacher", texts=texts)
        tiny_writer(self.folder / "writer", texts=texts)

    def run(self, out: Path) -> None:
        """One adaptation from the beginning, or from where it was."""
        import acclimate
        from acclimate.models.encoders.dense import Dense
        from acclimate.tables import Corpus

        acclimate.adapt(
            self._recipe(),
            Corpus.open(self.folder / "corpus.arrow"),
            Dense(str(self.folder / "student")),
            out=out,
            seed=self.seed,
        )

    def _recipe(self) -> Any:
        from acclimate.models.encoders.dense import Dense
        from acclimate.models.scorers.cross_encoder import CrossEncoder
        from acclimate.models.writers.seq2seq import Seq2Seq
        from acclimate.pipeline.finding import find_maker, make

        settings: dict[str, Any] = {
            "writer": Seq2Seq(str(self.folder / "writer"), max_new_tokens=8),
            "teacher": CrossEncoder(str(self.folder / "teacher")),
            "retrievers": (Dense(str(self.folder / "student")),),
            "queries": 2 * self.documents,
            "depth": 10,
        }
        if self.recipe == "default":
            settings = {"queries": 4 * self.documents, "depth": 6, "rounds": 2}
        settings |= {"held_out": 12, "steps": self.steps, "batch": 8}
        return with_checkpoints(make(find_maker(self.recipe), settings))


def with_checkpoints(value: Any) -> Any:
    """A recipe whose trainings keep a checkpoint every few updates, not every minute."""
    if isinstance(value, tuple):
        return tuple(with_checkpoints(item) for item in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    names = [field.name for field in fields(value)]
    if "save_every" in names:
        return replace(value, save_every=CHECKPOINT_UPDATES)
    changed = {n: with_checkpoints(getattr(value, n)) for n in names if n in ("steps",)}
    return replace(value, **changed) if changed else value


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a run ended: by itself or killed, after how long."""

    killed: bool
    code: int
    seconds: float


def start(case: Case, out: Path, kill_after: float | None, *, fresh: bool) -> Ended:
    """Run in a child; kill -9 it and its children after so many seconds."""
    begin = time.perf_counter()
    child = os.fork()
    if child == 0:
        _in_child(case, out, fresh=fresh)
    with suppress(PermissionError, ProcessLookupError):  # it has done so itself, or has ended
        os.setpgid(child, child)
    killed = False
    limit = RUN_TIMEOUT_SECONDS if kill_after is None else kill_after
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            break
        if time.perf_counter() - begin >= limit:
            os.killpg(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
            killed = os.WIFSIGNALED(status)
            break
        time.sleep(0.002)
    return Ended(
        killed=killed,
        code=os.waitstatus_to_exitcode(status),
        seconds=round(time.perf_counter() - begin, 3),
    )


def _in_child(case: Case, out: Path, *, fresh: bool) -> None:
    """The life of a child; never returns."""
    code = 1
    try:
        os.setpgid(0, 0)
        log = os.open(case.folder / "last.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(log, 1)
        os.dup2(log, 2)
        if fresh:
            os.execv(
                sys.executable,
                [
                    sys.executable,
                    __file__,
                    "--child",
                    case.recipe,
                    str(case.documents),
                    str(case.steps),
                    str(case.seed),
                    str(case.folder),
                    str(out),
                ],
            )
        case.run(out)
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def step_in_progress(out: Path) -> str:
    """The step that was being made: the newest that has begun and is not kept yet."""
    begun = [p for p in (out / "steps").glob("*") if p.is_dir()] if out.exists() else []
    if not begun:
        return "(before the first step)"
    open_ = [p for p in begun if not (p / "manifest.json").exists()]
    if not open_:
        return "(between or after the steps)"
    newest = max(
        open_, key=lambda p: max([p.stat().st_mtime, *(f.stat().st_mtime for f in p.rglob("*"))])
    )
    return re.sub(r"-[0-9a-f]{6,}$", "", newest.name)


def contents(out: Path) -> dict[str, str]:
    """A hash of every table's content and of every file of weights that a run came to.

    Files that only serve to go on after a crash (training checkpoints, shards of the engine) are
    no result.
    """
    found = {}
    for path in sorted(out.rglob("*")):
        name = path.relative_to(out).as_posix()
        if re.search(r"(^|/)(checkpoint[^/]*|engine|ledger|cache|tmp)(/|$)", name):
            continue
        if path.suffix == ".arrow":
            found[name] = _table_digest(path)
        elif path.suffix == ".safetensors":
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def _table_digest(path: Path) -> str:
    """Equal for equal rows in equal order, however the file is cut into pieces."""
    import pyarrow as pa

    with pa.memory_map(str(path)) as source:
        rows = pa.ipc.open_file(source).read_all().replace_schema_metadata(None)
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, rows.schema) as writer:
            for batch in rows.combine_chunks().to_batches():
                # a rebuilt batch: offsets of slices would count otherwise
                writer.write_batch(pa.RecordBatch.from_pylist(batch.to_pylist(), rows.schema))
        return hashlib.sha256(sink.getvalue()).hexdigest()


def difference(reference: dict[str, str], found: dict[str, str]) -> list[str]:
    """The results that are missing, new, or other than the reference's."""
    return sorted(
        name for name in reference.keys() | found.keys() if reference.get(name) != found.get(name)
    )


def one_moment(
    case: Case, out: Path, moment: float, reference: dict[str, str], *, fresh: bool
) -> dict[str, Any] | None:
    """Kill at this moment, resume, compare; None when the run had ended before."""
    shutil.rmtree(out, ignore_errors=True)
    first = start(case, out, moment, fresh=fresh)
    if not first.killed:
        if first.code != 0:
            raise RuntimeError(_log(case, "The run to be killed failed by itself"))
        return None
    step = step_in_progress(out)
    second = start(case, out, None, fresh=fresh)
    if second.code != 0:
        return {
            "seconds": first.seconds,
            "step": step,
            "equal": False,
            "different": [f"resuming ended with code {second.code}"],
            "log": _log(case, "")[-1_500:],
            "resumed_seconds": second.seconds,
        }
    different = difference(reference, contents(out))
    return {
        "seconds": first.seconds,
        "step": step,
        "equal": not different,
        "different": different,
        "resumed_seconds": second.seconds,
    }


def _log(case: Case, what: str) -> str:
    text = (case.folder / "last.log").read_text("utf-8", "replace")[-4_000:]
    return f"{what}:\n{text}".replace(str(case.folder), "RUN").replace(str(HERE), "benchmarks")


def main() -> None:
    """Kill, resume, compare; one JSON."""
    options = _options()
    os.environ |= {
        "OMP_NUM_THREADS": "1",
        "TOKENIZERS_PARALLELISM": "false",
        "HF_HUB_OFFLINE": "1",
        "CUDA_VISIBLE_DEVICES": "",
    }
    with tempfile.TemporaryDirectory(dir=options.scratch) as scratch:
        case = Case(
            recipe=options.recipe,
            documents=options.documents,
            steps=options.steps,
            seed=options.seed,
            folder=Path(scratch),
        )
        _import()
        case.prepare()
        reference, seconds = _reference(case, fresh=options.fresh)
        result = {
            **record.frame(
                "reliability/kill",
                {
                    "recipe": options.recipe,
                    "documents": options.documents,
                    "steps": options.steps,
                    "kills": options.kills,
                    "seed": options.seed,
                    "checkpoint_updates": CHECKPOINT_UPDATES,
                    "fresh": options.fresh,
                },
            ),
            "uninterrupted_seconds": seconds,
            "compared": sorted(reference),
            "moments": [],
            "equal": 0,
        }
        draw = random.Random(options.seed)
        while len(result["moments"]) < options.kills:
            moment = draw.uniform(0, seconds)
            found = one_moment(case, case.folder / "run", moment, reference, fresh=options.fresh)
            if found is None:
                continue
            result["moments"].append(found)
            result["equal"] += found["equal"]
            record.write(options.out, result)
            print(
                f"{len(result['moments']):3} killed after {found['seconds']:6.2f} s in "
                f"{found['step']}: {'equal' if found['equal'] else 'DIFFERENT'} "
                f"{' '.join(found['different'][:3])}",
                flush=True,
            )
    print(
        f"{result['equal']} of {options.kills} equal the uninterrupted run bit for bit "
        f"({len(reference)} tables and weights each)."
    )
    sys.exit(result["equal"] != options.kills)


def _import() -> None:
    """Import what a run imports, so that forked runs begin at once."""
    import torch

    torch.set_num_threads(1)
    import accelerate  # noqa: F401
    import bm25s  # noqa: F401
    import datasets  # noqa: F401
    import sentence_transformers  # noqa: F401
    from scipy import stats  # noqa: F401

    import acclimate  # noqa: F401


def _reference(case: Case, *, fresh: bool) -> tuple[dict[str, str], float]:
    """Two uninterrupted runs; what they agree on and the seconds they take."""
    found, seconds = [], []
    for number in range(2):
        out = case.folder / f"whole-{number}"
        ended = start(case, out, None, fresh=fresh)
        if ended.code != 0:
            raise SystemExit(_log(case, "The uninterrupted run failed"))
        found.append(contents(out))
        seconds.append(ended.seconds)
        print(
            f"uninterrupted run {number}: {ended.seconds} s, {len(found[-1])} tables and weights",
            flush=True,
        )
    if different := difference(*found):
        raise SystemExit(f"Two uninterrupted runs differ already: {', '.join(different)}")
    if not found[0]:
        raise SystemExit("The run left no table and no weights: there is nothing to compare.")
    return found[0], round(statistics.fmean(seconds), 3)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--recipe", choices=("gpl", "default"), default="gpl")
    add("--kills", type=int, default=30, help="random moments")
    add("--documents", type=int, default=60)
    add("--steps", type=int, default=60, help="updates of the training")
    add("--seed", type=int, default=0)
    add("--fresh", action="store_true", help="a new interpreter for every run (slower)")
    add("--scratch", type=Path, default=None, metavar="DIR", help="where the runs lie meanwhile")
    add("--out", type=Path, default=None, help="default: benchmarks/results/kill_RECIPE.json")
    options = parser.parse_args()
    if options.out is None:
        options.out = record.RESULTS / f"kill_{options.recipe}.json"
    return options


def _child(arguments: list[str]) -> None:
    recipe, documents, steps, seed, folder, out = arguments
    Case(
        recipe=recipe,
        documents=int(documents),
        steps=int(steps),
        seed=int(seed),
        folder=Path(folder),
    ).run(Path(out))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        _child(sys.argv[2:])
    else:
        main()
