"""Reference: every part, model and recipe with its settings, from the source files' docstrings."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDERS = {
    "recipes": "Recipes: a method as parts in order",
    "parts/generators": "Generators: documents to queries",
    "parts/miners": "Miners: queries to candidates",
    "parts/filters": "Filters: fewer rows",
    "parts/labellers": "Labellers: candidates to labels",
    "parts/drafters": "Drafters: queries to documents that only teach",
    "parts/losses": "Losses: functions of scores, targets and a mask",
    "parts/students": "Students: which weights move",
    "parts/loops": "Loops: labels to a trained student",
    "parts/evaluators": "Evaluators: judgements to scores",
    "parts/serving": "Serving: a student to a folder that can be used",
    "models/encoders": "Encoders: texts to vectors",
    "models/scorers": "Scorers: pairs to scores",
    "models/writers": "Writers: prompts to texts",
    "models/indexes": "Indexes: documents to ranked lists",
}


@dataclass(frozen=True)
class Entry:
    """A public class or function: its name, its first sentence and its settings."""

    name: str
    says: str
    settings: tuple[str, ...]


def page(root: Path) -> str:
    """docs/reference.md, without its first line."""
    lines = [
        "# Reference",
        "",
        "What `acclimate` offers to recipes, by folder. The docstrings say more: paper, code",
        "followed, differences, cost and every setting: `help(acclimate.parts.filters.RoundTrip)`.",
    ]
    for folder, title in FOLDERS.items():
        entries = list(_entries(root / "src" / "acclimate" / folder))
        if entries:
            lines += ["", f"## {title}", "", "| name | does | settings |", "|---|---|---|"]
            short = folder.rpartition("/")[2]
            for entry in entries:
                settings = ", ".join(f"`{s}`" for s in entry.settings)
                lines.append(f"| `{short}.{entry.name}` | {entry.says} | {settings} |")
    return "\n".join(lines) + "\n"


def _entries(folder: Path) -> Iterator[Entry]:
    for path in sorted(folder.glob("*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if not isinstance(node, ast.ClassDef | ast.FunctionDef):
                continue
            if folder.name == "recipes" and isinstance(node, ast.ClassDef):
                continue
            same = node.name.replace("_", "").lower() == path.stem.replace("_", "")
            if same and (says := ast.get_docstring(node)):
                first = " ".join(says.partition("\n\n")[0].split()).replace("|", "\\|")
                yield Entry(node.name, first, tuple(_settings(node)))


def _settings(node: ast.ClassDef | ast.FunctionDef) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef):
        defaults = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
        pairs = [(argument.arg, default) for argument, default in defaults]
    else:
        fields = [n for n in node.body if isinstance(n, ast.AnnAssign)]
        pairs = [
            (field.target.id, field.value)
            for field in fields
            if isinstance(field.target, ast.Name) and "ClassVar" not in ast.dump(field.annotation)
        ]
    for name, default in pairs:
        text = ast.unparse(default).replace("|", "\\|") if default else ""
        yield f"{name}={text}" if text and len(text) <= 40 else name
