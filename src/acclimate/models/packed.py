"""Packed: linear layers laid out for this processor, with the activation that follows them.

oneDNN reads weights fastest in a layout of its own, and computes GELU while it writes a result
instead of reading the widest activations once more. What comes out differs by rounding only, and
does not hang on how many texts are in the batch, as it does with PyTorch's default in float32.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

FUSED = ("GELUActivation", "GELU")
"""Activations that oneDNN computes while a layer writes its result."""

CLOSE = 1e-3
"""How far a packed layer may be from the layer it stands for, relative to its largest value."""


class PackedLinear(nn.Module):
    """A linear layer in oneDNN's layout, for inference on a processor.

    Args:
        layer: the layer it stands for.
        activation: "none", or "gelu".
    """

    def __init__(self, layer: nn.Linear, activation: str = "none") -> None:
        super().__init__()
        self.in_features = layer.in_features
        self.out_features = layer.out_features
        self.activation = activation
        self.bias = layer.bias
        self.packed = _reordered(layer.weight.detach())

    def forward(self, inputs: Tensor) -> Tensor:
        """(…, in_features) to (…, out_features)."""
        algorithm = "none" if self.activation == "gelu" else ""
        out: Tensor = torch.ops.mkldnn._linear_pointwise(
            inputs, self.packed, self.bias, self.activation, [], algorithm
        )
        return out

    @property
    def weight(self) -> Tensor:
        """The weights as they were, for code that reads them."""
        dense: Tensor = self.packed.to_dense()
        return dense

    def _apply(self, move: Any, recurse: bool = True) -> PackedLinear:  # noqa: FBT001, FBT002
        """Follow the model into another precision."""
        super()._apply(move, recurse)  # type: ignore[no-untyped-call]
        self.packed = _reordered(move(self.weight))
        return self


def _reordered(weight: Tensor) -> Tensor:
    packed: Tensor = torch.ops.mkldnn._reorder_linear_weight(weight.contiguous())
    return packed


def pack(model: nn.Module) -> None:
    """Replace the linear layers of an opened model, where this processor gains from it.

    A model on another device, and layers whose packed form is not close, stay as they are.
    """
    if not _able(model):
        return
    for module in list(model.modules()):
        fused = _fused(module)
        for name, child in list(module.named_children()):
            if type(child) is nn.Linear:
                activation = "gelu" if fused and name == "dense" else "none"
                _replace(module, name, child, activation)
        if fused and isinstance(module.dense, PackedLinear):
            module.intermediate_act_fn = nn.Identity()


def _able(model: nn.Module) -> bool:
    first = next(model.parameters(), None)
    return (
        first is not None
        and first.device.type == "cpu"
        and torch.backends.mkldnn.is_available()  # type: ignore[no-untyped-call]
        and hasattr(torch.ops.mkldnn, "_linear_pointwise")
        and torch.backends.cpu.get_cpu_capability().startswith("AVX512")
    )


def _fused(module: nn.Module) -> bool:
    """Whether this is the wide layer of a BERT-like block and its GELU."""
    activation = getattr(module, "intermediate_act_fn", None)
    return type(activation).__name__ in FUSED and isinstance(
        getattr(module, "dense", None), nn.Linear
    )


def _replace(parent: nn.Module, name: str, layer: nn.Linear, activation: str) -> None:
    packed = PackedLinear(layer, activation)
    with torch.inference_mode():
        probe = torch.linspace(-1, 1, 2 * layer.in_features, dtype=layer.weight.dtype)
        probe = probe.reshape(2, layer.in_features)
        wanted = nn.functional.linear(probe, layer.weight, layer.bias)
        wanted = nn.functional.gelu(wanted) if activation == "gelu" else wanted
        if (packed(probe) - wanted).abs().max() <= CLOSE * wanted.abs().max():
            setattr(parent, name, packed)
