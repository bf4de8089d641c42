"""LowRank: small matrices beside the weights learn, and are added to them in the end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from acclimate.errors import MissingExtraError, RecipeError
from acclimate.models.student import Student
from acclimate.parts.students._layers import FEWEST_TOKENS


@dataclass(frozen=True, kw_only=True)
class LowRank:
    """LoRA: each linear layer W becomes W + (alpha / rank) B A, and only A and B learn.

    B begins at zero, so that training begins at the student. An optimiser holds a few hundredths
    of what it holds for all weights, and what the model knew is kept better. In the end B A is
    added to W: the saved model is an ordinary one of its family, as large and as fast as before. A
    model of any family with a transformer can learn so. It needs the extra `peft`, and a learning
    rate some ten times higher.

    Paper:   Hu, Shen, Wallis, Allen-Zhu, Li, Wang, Wang, Chen, LoRA: Low-Rank Adaptation of Large
             Language Models, ICLR 2022. https://arxiv.org/abs/2106.09685
    Code:    huggingface/peft, which runs here.
    Differs: all linear layers of the transformer, where the paper adapts those of attention; a
             training that goes on in a later round begins with new matrices over the sum.
    Cost:    as a dense student, forward and back; gradients and optimiser of the matrices alone.

    Args:
        rank: of the matrices. Paper: 1 to 64.
        alpha: alpha / rank multiplies B A.
        training_tokens: of a text, read in training. None: as many as the model reads.

    Returns:
        The student, which learns this way from now on.

    Raises:
        RecipeError: when its settings leave nothing to learn.
        MissingExtraError: when peft is not installed.
    """

    rank: int = 16
    alpha: int = 32
    training_tokens: int | None = None

    def __post_init__(self) -> None:
        """Refuse matrices of nothing, and settings under which nothing is read."""
        if self.rank < 1 or self.alpha <= 0:
            raise RecipeError(
                f"LowRank(rank={self.rank}, alpha={self.alpha}): give values above 0."
            )
        if self.training_tokens is not None and self.training_tokens < FEWEST_TOKENS:
            raise RecipeError(
                f"LowRank(training_tokens={self.training_tokens}): give {FEWEST_TOKENS} or more."
            )

    @property
    def documents_frozen(self) -> bool:
        """Document vectors change with the weights."""
        return False

    def head(self, model: Any) -> None:
        """The encoder itself learns."""
        del model

    def prepare(self, model: Any) -> Any:
        """The model with matrices beside its linear layers, of which those alone learn."""
        import torch

        try:
            from peft import LoraConfig
            from peft.tuners.lora import LoraModel
        except ImportError as error:
            raise MissingExtraError("peft", "peft") from error
        settings = LoraConfig(r=self.rank, lora_alpha=self.alpha, target_modules="all-linear")
        model.requires_grad_(requires_grad=False)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            LoraModel(model.transformers_model, settings, "default")
        return model.eval()

    def settled(self, model: Any) -> Any:
        """The model with B A added to its weights, and without the matrices."""
        from peft.tuners.tuners_utils import BaseTunerLayer

        transformer = model.transformers_model
        for parent in list(transformer.modules()):
            for name, layer in list(parent.named_children()):
                if isinstance(layer, BaseTunerLayer):
                    layer.merge()
                    setattr(parent, name, layer.get_base_layer())
        del transformer.peft_config
        return model.requires_grad_()

    def __call__(self, student: Student) -> Student:
        """Let small matrices learn."""
        return replace(student, shape=self)
