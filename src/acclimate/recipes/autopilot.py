"""autopilot: default, with parts picked by rules from what the run sees."""

from __future__ import annotations

from acclimate.models.ref import Ref, Scorer, Writer
from acclimate.recipes._picks import Wanted
from acclimate.recipes._rules import ruled
from acclimate.recipes.default import default
from acclimate.recipes.recipe import Recipe, Seen


def autopilot(
    *,
    seen: Seen = Seen(),  # noqa: B008 (a value)
    writer: Ref[Writer] | None = None,
    teacher: Ref[Scorer] | None = None,
    queries: int = 5_000,
    held_out: int = 1_000,
    depth: int = 24,
    steps: int = 200,
    batch: int = 16,
) -> Recipe:
    """As default, but where documents, queries or machine call for other parts, rules pick them.

    On an ordinary corpus of English prose no rule fires and the parts are those of `default`. A
    rule that fires says why; the run's report holds all rules with the facts they looked at.

    Origin:  rules from what was measured (docs/log.md) and, where nothing was, from reason; each
             says which.
    Code:    none published.
    Differs: few rules are measured yet: that of code by two runs on one collection, that of large
             corpora by GPL's authors.
    Cost:    that of the parts picked; looking at the documents takes seconds.

    Args:
        seen: what the run saw; it fills this in by itself.
        writer: writes queries besides; None: only what comes with the installation.
        teacher: scores pairs. None: words and vectors of the base model.
        queries: how many to write.
        held_out: of them, kept for the gate; a fifth of them on a small corpus.
        depth: candidates of each miner.
        steps: optimiser updates of the encoder.
        batch: queries of a topic, and of an update.
    """
    sizes = {
        "queries": queries,
        "held_out": held_out,
        "depth": depth,
        "steps": steps,
        "batch": batch,
    }
    plain = default(writer=None, **sizes)  # the rules say where the writer goes
    made = Recipe("autopilot", plain.steps, judge=plain.judge)
    return ruled(made, Wanted(seen=seen, writer=writer, teacher=teacher, **sizes))
