"""Results hold nothing of the machine they were made on, and say so before anything runs."""

import pytest


def test_a_result_is_written_whole(program, tmp_path):
    record = program("record")
    record.write(tmp_path / "folder" / "a.json", {"name": "beir/scifact", "ratio": 1.5})
    assert (tmp_path / "folder" / "a.json").read_text() == (
        '{\n "name": "beir/scifact",\n "ratio": 1.5\n}\n'
    )
    assert [path.name for path in (tmp_path / "folder").iterdir()] == ["a.json"]


@pytest.mark.parametrize("path", ["/home/me/recipe.py:own", "~/models/mine", "C:\\me\\mine/x"])
def test_a_path_of_a_machine_is_refused_before_and_after(program, tmp_path, path):
    record = program("record")
    told = {"settings": {"recipe": path}}
    with pytest.raises(ValueError, match=r"a\.json would hold a path of this machine"):
        record.portable("a.json", told)
    with pytest.raises(ValueError, match="Leave it out"):
        record.write(tmp_path / "a.json", told)
    assert not (tmp_path / "a.json").exists()
