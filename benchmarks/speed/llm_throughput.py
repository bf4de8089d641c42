"""Throughput: how close a client comes to what a server allows, and whether a pilot tells the bill.

A server of this machine refuses what is beyond its limit, a rate or a number of requests at once,
with 429 and Retry-After. Records are asked until they are done; the share of the limit is what the
server took a second, or worked on at once on average, divided by what it would have taken; the
ramp at the beginning and the last records are left out. The server refuses what is too much, so
the limit itself is never exceeded; how many requests it had to refuse is told beside it.

Then 20 records of three workloads, from short documents to long ones, tell what all of them would
cost, and all of them are asked.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import record

from acclimate.models.prompts import load
from acclimate.models.remote import Allowance, Remote
from acclimate.models.remote.answers import Answers
from acclimate.models.remote.estimate import PILOT, estimate
from acclimate.testing.chat_server import ChatServer

WORDS = [
    "bees",
    "dance",
    "near",
    "warm",
    "stone",
    "walls",
    "while",
    "rivers",
    "carry",
    "sand",
    "past",
    "quiet",
    "mills",
    "at",
    "dawn",
]
RAMP = 0.15
"""Share of the records that is not counted at the beginning, and a third of it at the end."""


def questions(count: int, shortest: int, longest: int, seed: int) -> list[str]:
    """Questions to a judge about documents of so many words."""
    draw, prompt = random.Random(seed), load("graded")
    made = []
    for number in range(count):
        words = draw.choices(WORDS, k=draw.randint(shortest, longest))
        document = f"{number} {' '.join(words)}"
        made.append(prompt.render(data={"query": f"what of {number}", "document": document}))
    return made


def opened(server: ChatServer, folder: Path, at_once: int) -> Any:
    """A judge with prices."""
    ref = Remote(model="toy", url=server.url, at_once=at_once, price_in=1.0, price_out=3.0)
    writer = ref.answering(load("graded").form).open("cpu")
    writer.keep_in(Answers(folder), Allowance())
    return writer


def limited(name: str, records: int, limit: float, **settings: Any) -> dict[str, Any]:
    """Ask a server with a limit of requests a second, or of requests at once."""
    with tempfile.TemporaryDirectory() as folder, ChatServer(**settings) as server:
        opened(server, Path(folder), 64).write(questions(records, 20, 40, 0), count=1, seed=0)
        moments = sorted(server.seen.moments)
        first, last = moments[int(RAMP * records)], moments[int((1 - RAMP / 3) * records)]
        used = sum(first <= m < last for m in moments)
        if "at_once" in settings:
            used = sum(max(0.0, min(b, last) - max(a, first)) for a, b in server.seen.spans)
        rate = used / (last - first)
        found = {
            "limit": name,
            "of": limit,
            "used": round(rate, 2),
            "share_of_the_limit": round(rate / limit, 3),
            "refused": server.seen.faults["busy"],
            "records": records,
        }
    print(found, flush=True)
    return found


def billed(name: str, records: int, shortest: int, longest: int) -> dict[str, Any]:
    """A pilot's estimate beside the bill."""
    asked = questions(records, shortest, longest, 1)
    few = asked[:: max(1, records // PILOT)][:PILOT]
    with ChatServer(seconds=0.02) as server, tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        opened(server, Path(folder) / "pilot", 16).write(few, count=1, seed=0)
        seconds = time.perf_counter() - begun
        told = estimate(list(Answers(Path(folder) / "pilot")), records, seconds)
        opened(server, Path(folder) / "all", 16).write(asked, count=1, seed=0)
        cost = Answers(Path(folder) / "all").total.cost
    found = {
        "workload": name,
        "records": records,
        "estimate": round(told.money[0], 5),
        "interval": [round(told.money[1], 5), round(told.money[2], 5)],
        "bill": round(cost, 5),
        "off": round(told.money[0] / cost - 1, 4),
    }
    print(found, flush=True)
    return found


def main() -> None:
    """Both limits, three bills, one JSON."""
    options = _options()
    rate, slots, seconds = options.rate, options.slots, options.seconds
    limits = [
        limited("requests a second", options.records, rate, per_second=rate, seconds=seconds),
        limited("requests at once", options.records // 2, slots, at_once=slots, seconds=1.0),
    ]
    bills = [
        billed("short documents", 400, 10, 30),
        billed("long documents", 400, 200, 600),
        billed("mixed documents", 400, 10, 400),
    ]
    settings = {k: v for k, v in vars(options).items() if k != "out"}
    result = record.frame("speed/llm_throughput", settings)
    passed = {
        "at_least_90_in_100_of_a_rate": limits[0]["share_of_the_limit"] >= 0.9,
        "at_least_90_in_100_of_the_slots": limits[1]["share_of_the_limit"] >= 0.9,
        "pilot_within_20_in_100_of_the_bill": all(abs(b["off"]) <= 0.2 for b in bills),
    }
    record.write(options.out, {**result, "limits": limits, "bills": bills, "passed": passed})
    record.end(passed)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--records", type=int, default=1_000)
    add("--rate", type=float, default=25.0, help="requests a second the first server takes")
    add("--slots", type=int, default=8, help="requests at once the second server takes")
    add("--seconds", type=float, default=0.1, help="that an answer takes; 1 at the second")
    add("--out", type=Path, default=record.RESULTS / "llm_throughput.json")
    return parser.parse_args()


if __name__ == "__main__":
    main()
