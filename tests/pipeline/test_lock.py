"""One writer for a run folder."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from acclimate.errors import StoreError
from acclimate.pipeline.lock import MARK, locked


def test_a_second_writer_is_refused_and_told_who_the_first_is(tmp_path: Path) -> None:
    code = """
        import sys
        from pathlib import Path
        from acclimate.errors import StoreError
        from acclimate.pipeline.lock import locked
        try:
            with locked(Path(sys.argv[1])):
                print("held")
        except StoreError as error:
            print(error)
    """
    command = [sys.executable, "-c", textwrap.dedent(code), str(tmp_path / "run")]

    def other() -> str:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    with locked(tmp_path / "run"):
        told = other()
        (tmp_path / "run" / MARK).write_text("{}")
    assert "is writing to" in told
    assert "process " in told
    assert other() == "held\n"


def test_the_lock_is_given_up_when_the_run_fails(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), locked(tmp_path / "run"):
        raise RuntimeError
    with locked(tmp_path / "run"):
        assert (tmp_path / "run").is_dir()


def test_a_folder_with_something_else_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("")
    with (
        pytest.raises(StoreError, match=r"holds something else than a run \(thesis.tex\)"),
        locked(tmp_path),
    ):
        pass


def test_a_file_is_no_run_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="is a file"), locked(tmp_path / "file"):
        pass
