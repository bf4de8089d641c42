"""report_of_endpoints: what happens behind an endpoint, as Markdown tables."""

from __future__ import annotations

from typing import Any

from tables_in_markdown import grid


def faults_table(result: dict[str, Any]) -> str:
    """What became of records while an endpoint failed, and while the asking process was killed."""
    whole, killed = result["whole"], result["killed"]
    rows = [
        (name, f"{side['records']:,}", f"{side['answers']:,}", f"{sum(side['reasons'].values()):,}")
        for name, side in (
            ("through to the end", whole),
            (f"killed {killed['kills']} times", killed),
        )
    ]
    faults = ", ".join(f"{name} {n:,}" for name, n in whole["requests_that_went_wrong"].items())
    return grid(("run", "records", "with an answer", "with a reason"), rows) + (
        f"\n\n{100 * whole['share_that_went_wrong']:.0f} % of {whole['requests']:,} requests went "
        f"wrong ({faults}); {whole['answered_and_asked_again']} answered records were asked again. "
        f"A kill lost at most {killed['most_lost_by_a_kill']} answers, of "
        f"{killed['in_flight_at_most']} requests in flight."
    )


def throughput_table(result: dict[str, Any]) -> str:
    """How much of a server's limit is used, and how near a pilot's estimate is to the bill."""
    limits = [
        (of["limit"], of["of"], of["used"], f"{100 * of['share_of_the_limit']:.0f} %")
        for of in result["limits"]
    ]
    bills = [
        (of["workload"], f"{of['records']:,}", of["estimate"], "{} to {}".format(*of["interval"]),
         of["bill"], f"{100 * of['off']:+.1f} %")
        for of in result["bills"]
    ]  # fmt: skip
    return (
        grid(("limit", "of", "used", "share"), limits)
        + "\n\n"
        + grid(("workload", "records", "estimate", "95 %", "bill", "off"), bills)
        + "\n\nLimits are found by trying: requests beyond them are refused and asked again "
        f"({', '.join(str(of['refused']) for of in result['limits'])} of "
        f"{', '.join(str(of['records']) for of in result['limits'])})."
    )
