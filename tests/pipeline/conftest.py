"""One small run that several tests look at: a tiny model, made once."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from acclimate.models.encoders.dense import Dense
from acclimate.pipeline.outcome import Outcome
from acclimate.tables import Corpus, Qrels, Queries

TOPICS = (
    "pump gasket flange valve bearing motor relay filter tank drain",
    "honey bee nectar comb hive flower queen worker swarm wax",
    "chain brake pedal tyre wheel spoke gear saddle tube puncture",
    "moon tide comet orbit planet eclipse star dust gas telescope",
)
NASTY = "<script>alert('x')</script> & <b>bold</b>"


def documents(count: int = 120) -> Corpus:
    """Documents of four topics: words of their topic, and words of their own."""
    rng = random.Random(0)
    rows = []
    for number in range(count):
        topic = TOPICS[number % 4].split()
        text = [rng.choice(topic) for _ in range(12)] + [f"w{rng.randrange(90)}" for _ in range(9)]
        rng.shuffle(text)
        title = NASTY if number == 0 else " ".join(rng.sample(topic, 2))
        whole = f"{' '.join(text[:11])}. {' '.join(text[11:])}."
        rows.append({"doc_id": f"d{number}", "title": title, "text": whole})
    return Corpus.of(rows)


def judged(corpus: Corpus) -> tuple[Queries, Qrels]:
    """Titles as queries, their documents as answers."""
    rows = corpus.dicts()[1:21]
    queries = Queries.of(
        {"query_id": f"t{r['doc_id']}", "text": r["title"], "split": "heldout"} for r in rows
    )
    qrels = Qrels.of(
        {"query_id": f"t{r['doc_id']}", "doc_id": r["doc_id"], "grade": 1} for r in rows
    )
    return queries, qrels


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    return documents()


@pytest.fixture(scope="session")
def student(tmp_path_factory: pytest.TempPathFactory, corpus: Corpus) -> Dense:
    from acclimate.testing.tiny import tiny_encoder

    folder = tmp_path_factory.mktemp("models") / "tiny"
    return tiny_encoder(folder, texts=corpus.contents, max_length=64)


def run(corpus: Corpus, student: Dense, out: Path, **changes: object) -> Outcome:
    """The default recipe at its smallest, with judgements and a log."""
    import functools

    import acclimate
    from acclimate.pipeline.finding import find_maker

    queries, qrels = judged(corpus)
    log = Queries.of(
        {"query_id": f"log{n}", "text": text, "split": "train"}
        for n, text in enumerate(["wax comb", "planet dust telescope", "brake gear"])
    )
    settings = {"queries": 150, "held_out": 40, "steps": 12, "batch": 8, "depth": 5, "rounds": 2}
    maker = functools.partial(find_maker("default"), **settings | changes)
    return acclimate.adapt(
        maker, corpus, student, out=out, queries=Queries.joined([queries, log]), qrels=qrels
    )


@pytest.fixture(scope="session")
def outcome(tmp_path_factory: pytest.TempPathFactory, corpus: Corpus, student: Dense) -> Outcome:
    return run(corpus, student, tmp_path_factory.mktemp("runs") / "run")
