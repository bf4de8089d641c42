"""Faults: a language model behind an endpoint that fails in every way, and a client that is killed.

First, records are asked of a server of this machine at which a share of the requests goes wrong:
429 with Retry-After, 500, cut connections, stalls, half of the JSON, answers of another shape, two
choices for one, and answers that obey a document. Every record must end with exactly one answer or
one recorded reason, and none may be asked again once its answer was given.

Then the same work is done by processes that are killed (kill -9) at random moments, drawn from how
much is answered, so that there are as many whatever the machine's speed; each goes on where the
last one stopped. What a kill may lose is the requests that were in flight: answers that
the server had given and the ledger does not hold are counted after each kill.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import record

from acclimate.models.prompts import load
from acclimate.models.remote import Allowance, Remote
from acclimate.models.remote.answers import Answers
from acclimate.testing.chat_server import ChatServer, Faults

AT_ONCE = 48
LAST = 0.9
"""Share of the records by which the last kill comes: those that stall are long in coming."""


def questions(count: int) -> list[str]:
    """Questions to a judge of relevance; each is a record."""
    prompt = load("graded")
    return [
        prompt.render(
            data={
                "query": f"what does bee number {n} eat",
                "document": f"Bee number {n} was seen on {n % 7} flowers and ate of each.",
            }
        )
        for n in range(count)
    ]


def ask(url: str, folder: Path, records: int, timeout: float) -> None:
    """Ask about all records; those in the folder's ledger are not asked again."""
    ref = Remote(model="toy", url=url, at_once=AT_ONCE, timeout_seconds=timeout)
    writer = ref.answering(load("graded").form).open("cpu")
    writer.keep_in(Answers(folder), Allowance())
    writer.write(questions(records), count=1, seed=0)


def lines(folder: Path) -> Counter[str]:
    """How many lines the ledger holds of each record."""
    found: Counter[str] = Counter()
    for path in folder.glob("*.jsonl"):
        for line in path.read_text("utf-8").splitlines():
            found[line.split('"record": "')[1][:64]] += 1
    return found


def uninterrupted(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """All faults, no kill."""
    with server_of(options) as server:
        begun = time.perf_counter()
        ask(server.url, folder, options.records, options.timeout)
        seconds = time.perf_counter() - begun
        total, seen = Answers(folder).total, server.seen
        kept = lines(folder)
        return {
            "records": options.records,
            "answers": total.answered,
            "reasons": total.reasons,
            "records_with_exactly_one_outcome": sum(n == 1 for n in kept.values()),
            "answered_and_asked_again": sum(n > 1 for n in seen.good.values()),
            "requests": seen.requests,
            "requests_that_went_wrong": {k: n for k, n in sorted(seen.faults.items()) if k},
            "share_that_went_wrong": round(1 - seen.faults[""] / seen.requests, 3),
            "seconds": round(seconds, 1),
        }


def killed(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """The same, killed at random moments."""
    draw = random.Random(options.seed)
    moments: list[dict[str, Any]] = []
    context = multiprocessing.get_context("fork")
    arguments = (folder, options.records, options.timeout)
    with server_of(options) as server:
        for answered in sorted(draw.sample(range(int(LAST * options.records)), options.kills)):
            child = context.Process(target=_child, args=(server.url, *arguments))
            child.start()
            while child.is_alive() and len(server.seen.good) < answered:
                child.join(0.01)
            child.join(draw.uniform(0, options.longest))
            if not child.is_alive():
                break
            os.kill(child.pid or 0, signal.SIGKILL)
            child.join()
            time.sleep(options.settle)  # what the server had in hand, it still counts
            held = Answers(folder)
            lost = len(server.seen.good) - held.total.answered
            moments.append({"kept": held.total.answered, "lost": lost})
            print(f"{len(moments):3} killed: {moments[-1]}", flush=True)
        ask(server.url, folder, options.records, options.timeout)
        given = server.seen.good
        kept = Answers(folder).total
        again = sum(n - 1 for n in given.values() if n > 1)
        return {
            "kills": len(moments),
            "moments": moments,
            "records": options.records,
            "answers": kept.answered,
            "reasons": kept.reasons,
            "most_lost_by_a_kill": max((m["lost"] for m in moments), default=0),
            "asked_again_after_its_answer_was_lost": again,
            "in_flight_at_most": AT_ONCE,
        }


def _child(url: str, folder: Path, records: int, timeout: float) -> None:
    ask(url, folder, records, timeout)
    os._exit(0)


def server_of(options: argparse.Namespace) -> ChatServer:
    """A server that fails at the share asked for."""
    faults = Faults.evenly(options.faults, stall_seconds=2 * options.timeout)
    return ChatServer(faults=faults, seconds=options.seconds, seed=options.seed)


def main() -> None:
    """Both, and one JSON."""
    options = _options()
    import openai  # noqa: F401 - so that a forked process asks at once

    with tempfile.TemporaryDirectory() as scratch:
        whole = uninterrupted(options, Path(scratch) / "whole")
        print(whole, flush=True)
        broken = killed(options, Path(scratch) / "killed")
    settings = {k: v for k, v in vars(options).items() if k != "out"} | {"at_once": AT_ONCE}
    ended = whole["answers"] + sum(whole["reasons"].values())
    passed = {
        "every_record_one_answer_or_reason": ended == options.records
        and whole["records_with_exactly_one_outcome"] == options.records,
        "none_paid_twice": whole["answered_and_asked_again"] == 0,
        "every_record_after_kills": broken["answers"] + sum(broken["reasons"].values())
        == options.records,
        "a_kill_loses_at_most_the_requests_in_flight": broken["kills"] == options.kills
        and broken["most_lost_by_a_kill"] <= AT_ONCE
        and broken["asked_again_after_its_answer_was_lost"]
        <= sum(m["lost"] for m in broken["moments"]),
    }
    result = record.frame("reliability/llm_faults", settings)
    record.write(options.out, {**result, "whole": whole, "killed": broken, "passed": passed})
    record.end(passed)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--records", type=int, default=2_000)
    add("--faults", type=float, default=0.3, help="share of the requests, over all kinds")
    add("--kills", type=int, default=20, help="random moments")
    add("--seconds", type=float, default=0.1, help="that the server takes for an answer")
    add("--timeout", type=float, default=12.0, help="seconds until a request is given up")
    add("--longest", type=float, default=0.5, help="seconds from a drawn count to its kill")
    add("--settle", type=float, default=0.4, help="seconds waited after a kill")
    add("--seed", type=int, default=0)
    add("--out", type=Path, default=record.RESULTS / "llm_faults.json")
    return parser.parse_args()


if __name__ == "__main__":
    main()
