"""Laws: what every part obeys. For anyone who writes a part, here or in another package.

Each check takes a part, or its class, and raises `LawError` with the law it breaks and what to
do. `tests/laws` finds every part of acclimate by walking its folders and checks them all; a part
that lives elsewhere can be checked the same way::

    from acclimate.testing import behaviour, laws

    def test_my_filter_obeys_the_laws():
        laws.check_all(MyFilter, folder="filters")
        behaviour.check_all(MyFilter(depth=3), folder="filters")
"""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import pickle
import pkgutil
import re
import subprocess
import sys
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, get_type_hints

from acclimate.models.student import Student
from acclimate.parts.part import Context
from acclimate.tables import Candidates, Drafts, Labels, Qrels, Queries, Scores, Table
from acclimate.testing.shapes import named_by_shape

MOST_SETTINGS = 8
GIVES: Mapping[str, type] = {
    "generators": Queries,
    "miners": Candidates,
    "labellers": Labels,
    "drafters": Drafts,
    "students": Student,
    "loops": Student,
    "evaluators": Scores,
}
"""What the parts of a folder give. Filters give a table they take; losses give a tensor."""


FOLDERS = (*GIVES, "filters", "losses", "serving")


class LawError(AssertionError):
    """A part breaks a law."""


def parts_in(package: str) -> Iterator[tuple[str, type]]:
    """Every part below a package such as `acclimate.parts`, with its folder.

    A part is a public class with a `__call__` of its own, in a public module of a folder.
    """
    for folder in sorted(FOLDERS):
        module = importlib.import_module(f"{package}.{folder}")
        public = (i.name for i in pkgutil.iter_modules(module.__path__) if i.name[0] != "_")
        for place in (f"{module.__name__}.{name}" for name in public):
            for name, kind in vars(importlib.import_module(place)).items():
                here = inspect.isclass(kind) and kind.__module__ == place
                if here and "__call__" in vars(kind) and not name.startswith("_"):
                    yield folder, kind


def check_all(kind: type, *, folder: str) -> None:
    """Every law that can be checked without calling the part.

    Args:
        kind: the class of the part.
        folder: the folder of `acclimate.parts` it belongs to, by what it gives.
    """
    check_settings(kind)
    check_docstring(kind)
    check_home(kind)
    check_annotations(kind, folder)
    check_judgements(kind, folder)


def check_settings(kind: type) -> None:
    """Law 1: a frozen dataclass whose settings, at most 8, have defaults or are keyword-only."""
    params = getattr(kind, "__dataclass_params__", None)
    if params is None or not params.frozen:
        _broken(kind, "is not a frozen dataclass", "Write @dataclass(frozen=True, kw_only=True).")
    fields = [f for f in dataclasses.fields(kind) if f.init]
    if len(fields) > MOST_SETTINGS:
        _broken(kind, f"has {len(fields)} settings, more than {MOST_SETTINGS}", "Make it two.")
    for field in fields:
        nothing = (field.default, field.default_factory) == (dataclasses.MISSING,) * 2
        if nothing and not field.kw_only:
            _broken(
                kind,
                f"has the positional setting {field.name!r} without a default",
                "Give it a default or make it keyword-only.",
            )


def check_value(part: object) -> None:
    """Law 1: a part is a value: its repr rebuilds it, it hashes, and it pickles."""
    try:
        rebuilt = eval(repr(part), _builders(part))  # noqa: S307
    except Exception as error:
        raise LawError(f"{part!r} cannot be rebuilt from its repr: {error}") from error
    if rebuilt != part:
        _broken(part, "is not equal to what its repr rebuilds", "Keep the dataclass's own repr.")
    try:
        same = hash(rebuilt) == hash(part)
    except TypeError as error:
        raise LawError(f"{part!r} does not hash: {error}. Use tuples, not lists.") from error
    if not same:
        _broken(part, "has another hash than its equal", "Keep the dataclass's own hash.")
    if pickle.loads(pickle.dumps(part)) != part:  # noqa: S301
        _broken(part, "changes when it is pickled", "Hold plain values only.")


def check_docstring(kind: Callable[..., Any]) -> None:
    """Law 3: its docstring names Paper (or Origin) and Code, and explains every setting."""
    text = inspect.getdoc(kind) or ""
    if not re.search(r"^(Paper|Origin):\s+\S", text, re.MULTILINE):
        _broken(
            kind,
            "names neither Paper nor Origin in its docstring",
            "Add 'Paper:   authors, title, venue, year. URL' or 'Origin:  …'.",
        )
    if not re.search(r"^Code:\s+\S", text, re.MULTILINE):
        _broken(kind, "does not say which code it follows", "Add 'Code:    none published'.")
    for name in _settings(kind):
        if not re.search(rf"(?m)^\s+(\*\*)?{name}:|[.,] {name}:", text):
            _broken(kind, f"does not explain {name!r}", f"Add '{name}: …' under Args.")


def check_home(kind: Callable[..., Any]) -> None:
    """Law 3: it lives in the file of its name."""
    stem = kind.__module__.rpartition(".")[2]
    if stem.replace("_", "") != kind.__name__.replace("_", "").lower():
        _broken(kind, f"lives in {stem}.py", "Move it to the file of its name in snake_case.")


def check_annotations(kind: type, folder: str) -> None:
    """Law 2: fully annotated with our types, the context last; gives what its folder gives."""
    if folder == "losses":
        return _check_loss_signature(kind)
    call = kind.__call__
    names = list(inspect.signature(call).parameters)[1:]
    hints = get_type_hints(call)
    for name in names:
        if not _is_table(hints.get(name)) and hints.get(name) not in {Student, Context}:
            _broken(
                kind,
                f"takes {name!r}: {hints.get(name)}",
                "Annotate it with a table, Student or Context.",
            )
    if Context in hints.values() and hints[names[-1]] is not Context:
        _broken(kind, "takes the context before other things", "Make `ctx: Context` the last.")
    if folder == "serving":
        return None
    result, takes = hints.get("return"), [hints[n] for n in names]
    wanted = GIVES.get(folder)
    if wanted is not None and result is not wanted:
        _broken(
            kind,
            f"gives {result}, but {folder} give {wanted.__name__}",
            "Move it to the folder of what it gives.",
        )
    if folder == "filters" and not (_is_table(result) and result in takes):
        _broken(kind, f"gives {result}, which it does not take", "A filter only removes rows.")
    return None


def check_judgements(kind: type, folder: str) -> None:
    """Law 8: only evaluators take Qrels, so that no judgement can reach training."""
    hints = get_type_hints(kind.__call__)
    if folder != "evaluators" and Qrels in hints.values():
        _broken(kind, "takes Qrels", "Only evaluators may: judgements by people never train.")


def check_recipe(function: Callable[..., Any]) -> None:
    """What a recipe obeys: keyword-only settings with defaults, a docstring, equal each time."""
    check_docstring(function)
    check_home(function)
    for name, setting in inspect.signature(function).parameters.items():
        if setting.kind is not setting.KEYWORD_ONLY or setting.default is setting.empty:
            _broken(
                function,
                f"has the setting {name!r} that is positional or has no default",
                "Put it behind `*` and give it the paper's value.",
            )
    recipe = function()
    if recipe != function() or hash(recipe) != hash(function()):
        _broken(function, "gives another recipe each time", "Build it from values only.")
    if pickle.loads(pickle.dumps(recipe)) != recipe:  # noqa: S301
        _broken(function, "changes when it is pickled", "Build it from plain values only.")
    for part in recipe.steps:
        check_value(part)


def check_imports(modules: Iterable[str], *, heavy: Iterable[str] = ()) -> None:
    """Law 4: importing leaves random states, environment and root logger as they were.

    Args:
        modules: names of modules, imported one after the other in a process of its own.
        heavy: packages they must not load, such as torch.
    """
    code = _IMPORTS.format(modules=list(modules), heavy=list(heavy))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise LawError(done.stderr.strip().splitlines()[-1] if done.stderr else "import failed")


_IMPORTS = """
import importlib, logging, os, random, sys
import numpy
if not {heavy}:
    import torch
def state():
    root = logging.getLogger()
    return {{
        "the state of random": random.getstate(),
        "the state of numpy.random": repr(numpy.random.get_state()),
        "the state of torch": None if {heavy} else torch.get_rng_state().tolist(),
        "the environment": dict(os.environ),
        "the root logger": (root.level, list(root.handlers), list(root.filters)),
    }}
for module in {modules}:
    before = state()
    importlib.import_module(module)
    after = state()
    for what in before:
        if before[what] != after[what]:
            sys.exit(f"importing {{module}} changes {{what}}")
    for package in {heavy}:
        if package in sys.modules:
            sys.exit(f"importing {{module}} loads {{package}}; import it where it is used")
"""


def _check_loss_signature(kind: type) -> None:
    signature = inspect.signature(kind.__call__).parameters
    if named_by_shape(kind.__call__):
        return
    names, more = list(signature)[:4], list(signature)[4:]
    optional = more == ["reference", "weights"][: len(more)] and all(
        signature[n].default is None for n in more
    )
    if names != ["self", "scores", "targets", "mask"] or not optional:
        _broken(
            kind,
            f"takes {', '.join(signature)}",
            "A loss takes scores, targets and mask, and may take reference=None, and weights=None "
            "after it; one of other tensors names each by its shape, as student_ND and mask_N, the "
            "batch first.",
        )
    hints = get_type_hints(kind.__call__)
    if set(hints) != {"scores", "targets", "mask", "return", *more}:
        _broken(kind, "is not fully annotated", "Annotate the tensors and the result.")


def _settings(kind: Callable[..., Any]) -> list[str]:
    if inspect.isclass(kind):
        return [f.name for f in dataclasses.fields(typing.cast(Any, kind)) if f.init]
    return list(inspect.signature(kind).parameters)


def _builders(part: object) -> dict[str, Callable[..., Any]]:
    """What each class name of a repr builds; two classes of one name are told by their settings."""
    by_name: dict[str, list[type]] = {}
    for kind in _classes(part):
        by_name.setdefault(kind.__name__, []).append(kind)

    def builder(kinds: list[type]) -> Callable[..., Any]:
        def build(*values: Any, **settings: Any) -> Any:
            fits = [k for k in kinds if settings.keys() <= set(_settings(k))]
            return (fits or kinds)[0](*values, **settings)

        return build

    return {name: builder(kinds) for name, kinds in by_name.items()}


def _classes(value: object) -> Iterator[type]:
    """The classes that a repr names, all the way down."""
    if isinstance(value, tuple | frozenset):
        for item in value:
            yield from _classes(item)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        yield type(value)
        for field in dataclasses.fields(value):
            yield from _classes(getattr(value, field.name))


def _is_table(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Table)


def _broken(part: object, law: str, cure: str) -> typing.NoReturn:
    name = part.__name__ if hasattr(part, "__name__") else repr(part)
    raise LawError(f"{name} {law}. {cure}")
