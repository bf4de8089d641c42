"""Stem: what stands before an adapter. Its vectors serve every model that grew on it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from acclimate.models.ref import Floats

if TYPE_CHECKING:
    from acclimate.models.encoders.dense import Dense
    from acclimate.models.encoders.opened import SentenceEncoder
    from acclimate.models.student import Model

RECORD = "stem.json"
"""Beside an adapted model's files: the fingerprint of the encoder its adapter was put behind."""


@dataclass(frozen=True)
class Stem:
    """An adapted model without its adapter (a residual map and the normalisation behind it).

    It has the fingerprint of the encoder the adapter was put behind, so that vectors of that
    encoder, made before, are found: base, adapted and every blend of the two encode a text once.

    Args:
        adapted: the model with its adapter.
    """

    adapted: Dense

    def fingerprint(self) -> str:
        """The fingerprint of the encoder the adapter was put behind."""
        return str(_record(self.adapted)["stem"])

    def open(self, device: str) -> SentenceEncoder:
        """Load the model up to its adapter."""
        from sentence_transformers import SentenceTransformer

        from acclimate.models.encoders.opened import SentenceEncoder
        from acclimate.models.packed import pack

        whole = self.adapted.load(device)
        model = SentenceTransformer(
            modules=list(whole)[:-2],
            device=device,
            prompts=dict(whole.prompts),
            default_prompt_name=whole.default_prompt_name,
            similarity_fn_name=whole.similarity_fn_name,
        ).eval()
        pack(model)
        return SentenceEncoder(model)

    def behind(self, vectors: Floats) -> Floats:
        """What the adapter makes of the stem's vectors: normalise(v + v W), (N, D)."""
        moved = vectors + vectors @ _weights(self.adapted.folder()).T
        lengths = np.linalg.norm(moved, axis=1, keepdims=True)
        return np.asarray(moved / np.maximum(lengths, 1e-12), dtype=np.float32)


def stem_of(ref: Any) -> Stem | None:
    """The stem of a model that was saved with a record of it and has the same settings."""
    if not hasattr(ref, "folder") or not Path(ref.folder(), RECORD).is_file():
        return None
    same = _record(ref)["settings"] == _settings(ref)
    return Stem(ref) if same else None


def record(base: Model, adapted: Path) -> None:
    """Write beside an adapted model's files which encoder its adapter was put behind."""
    told = {"stem": base.fingerprint(), "settings": _settings(base)}
    (adapted / RECORD).write_text(json.dumps(told, sort_keys=True), "utf-8")


def _record(ref: Dense) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((ref.folder() / RECORD).read_text("utf-8"))
    return told


def _settings(ref: Any) -> dict[str, Any]:
    told = asdict(ref)
    return {k: told[k] for k in ("max_length", "query_prompt", "document_prompt", "similarity")}


def _weights(folder: Path) -> Floats:
    from safetensors.numpy import load_file

    modules = json.loads((folder / "modules.json").read_text("utf-8"))
    weights: Floats = load_file(folder / modules[-2]["path"] / "model.safetensors")["linear.weight"]
    return weights
