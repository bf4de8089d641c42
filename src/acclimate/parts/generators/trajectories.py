"""Trajectories: queries from the ways on which a document led to the right answer."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from acclimate.engines.engine import IndexRef
from acclimate.errors import RecipeError
from acclimate.models.indexes.bm25 import BM25
from acclimate.models.prompts import fence, load
from acclimate.models.ref import Ref, Writer
from acclimate.parts._asking import Question, ask, verdicts
from acclimate.parts._words import normal
from acclimate.parts.generators._documents import drawn
from acclimate.parts.generators._tree import Node, chosen, finds
from acclimate.parts.generators._written import rows_of
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries

Kind = Literal["question", "partial", "llm", "lexical"]
Told = dict[int, list[tuple[str, str, float | None]]]


@dataclass(eq=False)
class Problem:
    """A problem whose answer is known, and how far its solution has come."""

    text: str
    answer: str
    root: Node = field(default_factory=Node)
    solved: Node | None = None


@dataclass(frozen=True, kw_only=True)
class Trajectories:
    """Queries that lead to documents without which a problem was not solved rightly.

    A language model writes a problem with a short answer from a document, and then solves it
    without that document, in a tree of steps: it takes a step, or searches, looks whether what it
    found helps, and goes on from it; from each new place it finishes the solution. An answer that
    is right is a reward for all the steps before it, and the next try begins where rewards are
    high or tries are few (`_tree.uct`). A way that found a document and came to the right answer
    gives queries for that document: the problem, the problem with the steps before the search,
    what was searched for, and keywords of the document.

    Rows: [094].

    Paper:   RaDeR: Reasoning-aware Dense Retrieval Models, 2025. https://arxiv.org/abs/2505.18405
    Code:    Debrup-61/RaDeR (no code taken).
    Differs: problems and their answers are written from documents, where the paper has problems
             of mathematics with theorems; BM25 or any other index searches; a problem is left at
             its first right answer with a document; the weight of rare tries does not decay;
             documents that do not help are not handed on as negatives.
    Cost:    per document one generation, and per try of an unsolved problem at most `samples` + 3
             generations and a search.

    Args:
        writer: writes, searches, looks and solves.
        index: what is searched.
        documents: how many are asked for a problem. None: all.
        rollouts: tries for a problem. Paper: 16.
        depth: steps and searches of a way at most. Paper: 6.
        samples: steps that are considered from one place. Paper: 2.
        weight: of rare tries against those that paid.
        kinds: of queries, for each document that was found.

    Returns:
        Queries of the kinds "trajectory question", "trajectory partial" and so on, whose source is
        the document that was found, in the order of the corpus.
    """

    writer: Ref[Writer]
    index: IndexRef = field(default_factory=BM25)
    documents: int | None = None
    rollouts: int = 16
    depth: int = 6
    samples: int = 2
    weight: float = 1.4
    kinds: tuple[Kind, ...] = ("question", "partial", "llm", "lexical")

    def __post_init__(self) -> None:
        """Refuse to try nothing."""
        sizes = (self.rollouts, self.depth, self.samples, self.documents or 1)
        if min(sizes) < 1 or not self.kinds or self.weight < 0:
            raise RecipeError(
                f"{self!r}: give documents, rollouts, depth and samples of 1 or more, a kind or "
                "more, and a weight of 0 or more."
            )

    def __call__(self, corpus: Corpus, ctx: Context) -> Queries:
        """Write problems, solve them, and ask for what helped."""
        seed = int(ctx.rng(type(self).__name__).integers(2**31))
        problems = self._problems(drawn(self, corpus, self.documents, ctx), seed, ctx)
        search = _Search(self, corpus, seed, ctx)
        for _ in ctx.track(range(self.rollouts), "tries", self.rollouts):
            going = [problem for problem in problems if problem.solved is None]
            if going:
                search.go_on(going)
        told = self._told(problems, corpus, seed, ctx)
        solved = sum(problem.solved is not None for problem in problems)
        ctx.note("problems", {"written": len(problems), "solved": solved, **search.counts})
        ids = corpus["doc_id"]
        return Queries.of(one for row in sorted(told) for one in rows_of(ids[row], told[row]))

    def _problems(self, asked: Corpus, seed: int, ctx: Context) -> list[Problem]:
        questions = [Question(data={"document": text}) for text in asked.contents]
        said = ask(self.writer, load("problem"), questions, ctx, seed=seed)
        told = (answers[0].values for answers in said)
        return [
            Problem(text=value["problem"], answer=value["answer"])
            for value in told
            if normal(value.get("problem", "")) and normal(value.get("answer", ""))
        ]

    def _told(self, problems: list[Problem], corpus: Corpus, seed: int, ctx: Context) -> Told:
        """(kind, text, log-probability) of queries, by the row of the document they lead to."""
        told: Told = {}
        for problem in problems:
            for node, steps in finds(problem.solved) if problem.solved else ():
                texts = {
                    "question": problem.text,
                    "partial": " ".join((problem.text, *steps)) if steps else "",
                    "llm": node.query,
                }
                told.setdefault(node.document, []).extend(
                    (f"trajectory {kind}", texts[kind], None)
                    for kind in self.kinds
                    if texts.get(kind)
                )
        if "lexical" in self.kinds:
            contents, rows = corpus.contents, sorted(told)
            questions = [
                Question(data={"document": contents[row]}, words={"examples": ""}) for row in rows
            ]
            said = ask(self.writer, load("kind_keywords"), questions, ctx, seed=seed)
            for row, answers in zip(rows, said, strict=True):
                told[row] += [("trajectory lexical", s.text, s.log_prob) for s in answers if s.text]
        return told


class _Search:
    """Goes on with all problems at once, so that a writer is asked many things side by side."""

    def __init__(self, part: Trajectories, corpus: Corpus, seed: int, ctx: Context) -> None:
        self.part = part
        self.contents = corpus.contents
        self.seed = seed
        self.ctx = ctx
        self.counts: Counter[str] = Counter({"tries": 0, "found": 0, "of no help": 0})

    def go_on(self, problems: list[Problem]) -> None:
        """One try of each: choose a place, grow it, finish from there, tell what came of it."""
        leaves = [(problem, chosen(problem.root, self.part.weight)) for problem in problems]
        open_ = [(p, leaf) for p, leaf in leaves if len(leaf.path) <= self.part.depth]
        self._found(open_)
        self._stepped(open_)
        tried = [(problem, chosen(leaf, self.part.weight)) for problem, leaf in leaves]
        said = ask(
            self.part.writer,
            load("finish_solution"),
            [self._question(problem, node) for problem, node in tried],
            self.ctx,
            seed=self.seed,
        )
        for (problem, node), answers in zip(tried, said, strict=True):
            right = normal(str(answers[0].values.get("answer", ""))) == normal(problem.answer)
            node.back_up(float(right))
            if right and node.documents:
                problem.solved = node
        self.counts["tries"] += len(tried)

    def _stepped(self, places: list[tuple[Problem, Node]]) -> None:
        questions = [self._question(problem, node) for problem, node in places]
        said = ask(
            self.part.writer,
            load("next_step"),
            questions,
            self.ctx,
            count=self.part.samples,
            seed=self.seed,
        )
        for (_, node), answers in zip(places, said, strict=True):
            node.grow([Node(step=s) for s in dict.fromkeys(a.text for a in answers) if s])

    def _found(self, places: list[tuple[Problem, Node]]) -> None:
        """Search from places that have no document yet; what helps is a place to go on from."""
        places = [(problem, node) for problem, node in places if not node.documents]
        questions = [self._question(problem, node) for problem, node in places]
        said = ask(self.part.writer, load("search_for"), questions, self.ctx, seed=self.seed)
        texts = [answers[0].text for answers in said]
        wanted = [n for n, text in enumerate(texts) if text]
        if not wanted:
            return
        hits = self.ctx.engine.search(
            self.part.index, self.contents, [texts[n] for n in wanted], depth=1
        )
        rows = {
            n: int(row) for n, row in zip(wanted, hits.positions[:, 0], strict=True) if row >= 0
        }
        looked = [
            Question(
                data={
                    "query": places[n][0].text,
                    "solution": _so_far(places[n][1]),
                    "document": self.contents[row],
                }
            )
            for n, row in rows.items()
        ]
        helps = verdicts(self.part.writer, load("helps_solve"), looked, self.ctx)
        for (n, row), verdict in zip(rows.items(), helps, strict=True):
            if verdict:
                places[n][1].grow([Node(query=texts[n], document=row)])
            self.counts["found" if verdict else "of no help"] += 1

    def _question(self, problem: Problem, node: Node) -> Question:
        shown = [fence("document", self.contents[row]) for row in node.documents]
        return Question(
            data={"query": problem.text, "solution": _so_far(node)},
            words={"found": "\n\n".join(shown) or "No document has been found yet."},
        )


def _so_far(node: Node) -> str:
    return "\n".join(node.steps) or "(nothing yet)"
