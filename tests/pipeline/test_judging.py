"""judge: results are pooled, graded blind and once, and each system is measured by the grades."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.pipeline.conftest import judged as asked_by_people
from typer.testing import CliRunner

from acclimate.errors import RecipeError, StoreError, TableError
from acclimate.faces.cli.main import app
from acclimate.models.remote import Remote
from acclimate.pipeline.judging import Asked, judge
from acclimate.pipeline.lock import MARK
from acclimate.pipeline.outcome import Outcome
from acclimate.pipeline.saved import to_json
from acclimate.pipeline.store import write_json
from acclimate.recipes.inpars import inpars
from acclimate.tables import Corpus, Labels, Qrels, Queries
from acclimate.testing.chat_server import ChatServer
from acclimate.testing.recorded import Recorded

DOCS = {"d1": "bees dance", "d2": "bees sleep", "d3": "tides rise", "d4": "rust grows"}
GRADES = (
    ("bees dance", '{"grade": 3}'), ("bees sleep", '{"grade": 1}'), ("tides rise", '{"grade": 0}'),
)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "corpus.jsonl").write_text(
        "\n".join(json.dumps({"_id": i, "text": t}) for i, t in DOCS.items())
    )
    (tmp_path / "queries.jsonl").write_text('{"_id": "q1", "text": "what do they do"}\n')
    (tmp_path / "good.trec").write_text("q1 Q0 d1 1 3.0 x\nq1 Q0 d2 2 2.0 x\n")
    (tmp_path / "bad.trec").write_text("q1 Q0 d3 1 3.0 x\nq1 Q0 d1 2 2.0 x\nq1 Q0 zz 3 1.0 x\n")
    return tmp_path


def run(folder: Path, writer: Any = None, **settings: Any) -> dict[str, Any]:
    how = {n: settings.pop(n) for n in ("depth", "swapped", "adapted") if n in settings}
    asked = Asked(judge=writer or Recorded(answers=GRADES), **how)
    runs = [folder / "good.trec", folder / "bad.trec"]
    return judge(runs, folder / "corpus.jsonl", asked, out=folder / "out",
                 queries=folder / "queries.jsonl", **settings)  # fmt: skip


def test_each_system_is_measured_by_the_grades_of_all(folder: Path) -> None:
    told = run(folder)
    values = {s["system"]: s["measures"]["nDCG@10"]["mean"] for s in told["systems"]}
    # grades 3, 1 and 0 are known; the best order gains 3 + 1/log2(3)
    best = 3 + 1 / np.log2(3)
    assert values["good"] == pytest.approx(1.0)
    assert values["bad"] == pytest.approx((0 + 3 / np.log2(3)) / best)
    assert told["systems"][1]["measures"]["nDCG@10"]["difference"]["mean"] < 0
    assert (told["judged"], told["without a verdict"]) == (3, 0)


def test_a_pair_that_two_systems_found_is_asked_about_once(folder: Path) -> None:
    writer = Recorded(answers=GRADES)
    run(folder, writer)
    assert len(writer.asked) == 3
    assert all("good" not in text and "bad" not in text for text in writer.asked)


def test_judgements_are_written_for_other_programs(folder: Path) -> None:
    run(folder)
    assert Labels.open(folder / "out" / "labels.arrow")["value"].count(3.0) == 1
    judged = Qrels.read(folder / "out" / "judged.trec")
    assert dict(zip(judged["doc_id"], judged["grade"], strict=True)) == {"d1": 3, "d2": 1, "d3": 0}
    assert json.loads((folder / "out" / "judged.json").read_text())["judged"] == 3


def test_each_pair_is_asked_about_in_both_orders_where_that_is_wanted(folder: Path) -> None:
    writer = Recorded(answers=GRADES)
    told = run(folder, writer, swapped=True)
    assert len(writer.asked) == 2 * told["judged"] == 6
    assert told["notes"]["between both orders"] == {"grades on the mean": 0.0}


def test_intervals_are_of_the_queries_drawn_again(folder: Path) -> None:
    """One query has none to be drawn but itself: its intervals are points."""
    for system in run(folder)["systems"]:
        [cell] = system["measures"].values()
        assert cell["low"] == cell["mean"] == cell["high"]


@pytest.mark.parametrize(
    ("judges", "wrote"), [("toy", True), ("other", False)], ids=["the writer", "another"]
)
def test_it_is_said_whether_the_judge_wrote_the_queries(
    folder: Path, judges: str, wrote: bool
) -> None:
    recipe = inpars(writer=Remote(model="toy", url="http://127.0.0.1:9/v1"))
    (folder / "run").mkdir()
    write_json(folder / "run" / MARK, {"format": 1})
    write_json(folder / "run" / "report.json", {})
    write_json(folder / "run" / "recipe.json", to_json(recipe))
    judge_ref = Remote(model=judges, url="http://127.0.0.1:9/v1")
    assert Asked(judge=judge_ref, adapted=folder / "run").wrote() is wrote


def test_without_a_run_nobody_knows_and_a_folder_that_is_none_is_refused(folder: Path) -> None:
    assert run(folder)["wrote the queries"] is None
    with pytest.raises(StoreError, match="is no run folder"):
        run(folder, adapted=folder)


ALIKE = Recorded(answers=(("", '{"grade": 1}'),))


def test_a_run_folder_brings_its_systems_documents_and_held_out_queries(
    outcome: Outcome, tmp_path: Path
) -> None:
    """The document a query was written from is found by whoever copies; nobody is shown it."""
    told = judge([outcome.run], None, Asked(judge=ALIKE, depth=3), out=tmp_path)
    names = [row["system"] for row in told["systems"]]
    assert names == ["base", *(["adapted"] if outcome.adapted else []), "BM25"]
    held = Queries.open(outcome.run / "tables" / "queries.arrow").of_split("heldout")
    assert told["queries"] == len(held)
    assert told["wrote the queries"] is False
    judged = Labels.open(tmp_path / "labels.arrow")
    shown = set(zip(judged["query_id"], judged["doc_id"], strict=True))
    assert not shown & set(zip(held["query_id"], held["source_doc_id"], strict=True))
    assert 3 * len(held) <= len(shown) <= 3 * len(names) * len(held)


def test_other_queries_and_other_systems_may_be_judged_beside_a_run_folder(
    outcome: Outcome, tmp_path: Path
) -> None:
    queries, _ = asked_by_people(Corpus.open(outcome.run / "tables" / "corpus.arrow"))
    name, doc = queries["query_id"][0], "d7"
    (tmp_path / "theirs.trec").write_text(f"{name} Q0 {doc} 1 1.0 x\n")
    runs = [outcome.run, tmp_path / "theirs.trec"]
    told = judge(runs, None, Asked(judge=ALIKE, depth=2), out=tmp_path / "out", queries=queries)
    assert told["queries"] == len(queries)
    assert told["systems"][-1]["system"] == "theirs"


def test_documents_are_named_once(folder: Path, outcome: Outcome) -> None:
    asked = Asked(judge=ALIKE)
    with pytest.raises(RecipeError, match="brings its own documents"):
        judge([outcome.run], folder / "corpus.jsonl", asked, out=folder / "out")
    with pytest.raises(RecipeError, match="Name the documents"):
        judge([folder / "good.trec"], None, asked, out=folder / "out")


def test_no_verdict_is_counted(folder: Path) -> None:
    assert run(folder, Recorded(answers=GRADES[:2]))["without a verdict"] == 1


def test_people_tell_what_the_judge_is_worth(folder: Path) -> None:
    (folder / "people.tsv").write_text(
        "query-id\tcorpus-id\tscore\nq1\td1\t1\nq1\td2\t1\nq1\td3\t0\n"
    )
    people = run(folder, qrels=folder / "people.tsv")["people"]
    # the judge: d1 relevant, d2 (grade 1) and d3 not; people: d1 and d2
    assert people["agreement"]["pairs"] == 3
    assert people["agreement"]["share"] == pytest.approx(2 / 3)
    assert people["relevant results"]["good"]["share"] == pytest.approx(1.0)
    assert people["relevant results"]["bad"]["share"] == pytest.approx(0.5)


def test_people_who_judged_whole_documents_are_asked_about_the_best_piece(folder: Path) -> None:
    wholes = {"d1": "w1", "d2": "w1", "d3": "w2"}
    rows = [{"_id": i, "text": t, "parent_id": wholes.get(i)} for i, t in DOCS.items()]
    (folder / "corpus.jsonl").write_text("\n".join(map(json.dumps, rows)))
    (folder / "people.tsv").write_text("query-id\tcorpus-id\tscore\nq1\tw1\t1\nq1\tw2\t1\n")
    people = run(folder, qrels=folder / "people.tsv")["people"]
    # the judge: w1 is relevant (by d1; d2 is not), w2 is not; people: both are
    assert people["agreement"]["pairs"] == 2
    assert people["agreement"]["share"] == pytest.approx(1 / 2)
    assert people["relevant results"]["good"]["share"] == pytest.approx(1.0)  # w1 alone
    assert people["relevant results"]["good"]["labelled"] == 1
    assert people["relevant results"]["bad"]["share"] == pytest.approx(1.0)  # w2 and w1


def test_a_run_of_other_documents_is_refused(folder: Path) -> None:
    (folder / "bad.trec").write_text("q9 Q0 zz 1 3.0 x\n")
    with pytest.raises(TableError, match="ranks 'zz' for 'q9'; these queries and documents have"):
        run(folder)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ChatServer]:
    """A real one; connections to this machine are allowed."""
    monkeypatch.undo()
    connect = socket.socket.connect

    def local(self: socket.socket, address: Any) -> None:
        assert self.family == socket.AF_UNIX or address[0] == "127.0.0.1"
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", local)
    with ChatServer() as started:
        yield started


def test_the_command_asks_a_real_endpoint(folder: Path, server: ChatServer) -> None:
    command = [
        "judge", str(folder / "good.trec"), str(folder / "corpus.jsonl"),
        "--by", f"openai:{server.url}#toy", "--run", str(folder / "bad.trec"),
        "--queries", str(folder / "queries.jsonl"), "--out", str(folder / "out"), "--json",
    ]  # fmt: skip
    first = CliRunner().invoke(app, command)
    assert first.exit_code == 0, first.output
    asked = server.seen.requests
    assert json.loads(CliRunner().invoke(app, command).stdout) == json.loads(first.stdout)
    assert server.seen.requests == asked == 3
    assert json.loads(first.stdout)["judge"] == "toy"


def test_the_command_takes_labels_of_people_and_says_what_they_make_of_the_judge(
    folder: Path, server: ChatServer
) -> None:
    (folder / "people.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\t1\nq1\td2\t0\n")
    command = [
        "judge", str(folder / "good.trec"), str(folder / "corpus.jsonl"),
        "--by", f"openai:{server.url}#toy", "--run", str(folder / "bad.trec"),
        "--queries", str(folder / "queries.jsonl"), "--out", str(folder / "out"),
        "--labels", str(folder / "people.tsv"), "--swap",
    ]  # fmt: skip
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0, done.output
    assert server.seen.requests == 6  # 3 pairs, both orders
    assert "people and judge agree on" in done.output
    assert "another one is the better judge" in " ".join(done.output.split())
    told = json.loads((folder / "out" / "judged.json").read_text("utf-8"))
    assert told["people"]["agreement"]["pairs"] == 2
    assert told["people"]["relevant results"]["good"]["labelled"] == 2


def test_the_command_judges_a_run_folder(
    outcome: Outcome, server: ChatServer, tmp_path: Path
) -> None:
    command = ["judge", str(outcome.run), "--by", f"openai:{server.url}#toy", "--depth", "1",
               "--out", str(tmp_path / "out"), "--max-calls", "1000"]  # fmt: skip
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0, done.output
    assert "Another model, or none, wrote" in " ".join(done.output.split())
    assert set(server.seen.good.values()) == {1}
