"""Blend: a model between two checkpoints of one architecture."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from acclimate.errors import ModelError
from acclimate.models.encoders.stem import RECORD, stem_of
from acclimate.models.loading import loading
from acclimate.models.student import Model, ModelT, placed


def blend(base: Model, adapted: ModelT, share: float, folder: Path) -> ModelT:
    """Save the model whose weights lie `share` of the way from `base` to `adapted`.

    The result has the form of `adapted`: where that has query and document routes and the base
    has none, each route is blended with the whole base. A route that never moved stays as it is,
    bit for bit. Where `adapted` has a residual map behind the base, the base's map is zero.

    Paper:   Wortsman et al., Robust Fine-Tuning of Zero-Shot Models, CVPR 2022,
             https://arxiv.org/abs/2109.01903
    Code:    mlfoundations/wise-ft.
    Differs: nothing known.

    Args:
        base: the weights at share 0.
        adapted: the weights at share 1.
        share: 0 to 1.
        folder: where the model is saved, as an ordinary sentence-transformers folder.

    Raises:
        ModelError: when the share is outside its range, or the two are not of one architecture.
    """
    if not 0 <= share <= 1:
        raise ModelError(f"blend(share={share}): must lie between 0 (base) and 1 (adapted).")
    start, model = base.load(), adapted.load()
    starts = _routes(start)
    moved: set[int] = set()
    for route, modules in _routes(model).items():
        before = starts.get(route) or starts.get("")
        added = modules[len(before or ()) :]
        if before is None or len(before) > len(modules) or not _starts_as_nothing(added):
            raise ModelError(
                f"{base.model} and {adapted.model} cannot be blended: the modules of "
                f"{route or 'the model'!r} differ."
            )
        for one, other in zip(before, modules, strict=False):
            _move(one, other, share, moved, f"{base.model} and {adapted.model}")
        for other in added:
            _shrink(other, share, moved)
    stem = stem_of(adapted)
    grew_here = stem is not None and stem.fingerprint() == base.fingerprint()
    _save(model, folder, adapted.folder() / RECORD if grew_here else None)
    return placed(adapted, folder)


def _routes(model: Any) -> dict[str, list[Any]]:
    """The modules a text passes, by route; a model without routes has one, named ""."""
    first, *rest = list(model)
    routes = getattr(first, "sub_modules", None)
    if routes is None:
        return {"": [first, *rest]}
    return {name: [*modules, *rest] for name, modules in routes.items()}


def _move(one: Any, other: Any, share: float, moved: set[int], names: str) -> None:
    """Bring the tensors of `other` to their place between; each once, even where it is shared."""
    import torch

    before, after = one.state_dict(), other.state_dict()
    different = before.keys() ^ after.keys()
    different |= {n for n in before.keys() & after.keys() if before[n].shape != after[n].shape}
    if different:
        raise ModelError(
            f"{names} cannot be blended: {sorted(different)[0]} is not the same in both. "
            "Blend checkpoints of one architecture."
        )
    for name, tensor in after.items():
        if tensor.is_floating_point() and tensor.data_ptr() not in moved:
            moved.add(tensor.data_ptr())
            tensor.copy_(torch.lerp(before[name].to(tensor), tensor, share))


def _starts_as_nothing(added: list[Any]) -> bool:
    """Whether modules change nothing at zero weights: residual maps of unit-norm vectors."""
    from sentence_transformers.base.modules import Dense, Normalize

    return all(
        isinstance(module, Normalize) or (isinstance(module, Dense) and module.use_residual)
        for module in added
    )


def _shrink(added: Any, share: float, moved: set[int]) -> None:
    """Bring the tensors of a module that the base lacks to `share` of what they are."""
    for tensor in added.state_dict().values():
        if tensor.data_ptr() not in moved:
            moved.add(tensor.data_ptr())
            tensor.mul_(share)


def _save(model: Any, folder: Path, stem: Path | None) -> None:
    part = folder.with_name(f"{folder.name}.{os.getpid()}.part")
    with loading(str(folder), "a blended model"):
        model.save_pretrained(str(part), create_model_card=False)
    if stem is not None:
        shutil.copy(stem, part / RECORD)
    if folder.exists():
        shutil.rmtree(folder)
    part.replace(folder)
