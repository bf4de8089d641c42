"""ModularAdapter: what languages share learns to compare, what each has of its own stays."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from acclimate.errors import ModelError, near_miss
from acclimate.models.student import Student
from acclimate.parts.students.late_interaction import LateInteraction


@dataclass(frozen=True, kw_only=True)
class ModularAdapter:
    """A late-interaction student over X-MOD, a transformer with a small adapter for each language.

    It learns with the adapter of one language switched on, while embeddings and all adapters stay:
    so what it learns holds for every language, and
    `model.transformers_model.set_default_language("de_DE")` makes the saved model read another. A
    language it reads badly is taught with `learns="adapter"`: then that language's adapter alone
    moves, in `loops.MaskedLanguage` over its texts. The student is saved as an ordinary
    MultiVectorEncoder folder, which opens with the language it learned in.

    Rows: [086].

    Paper:   ColBERT-XM: A Modular Multi-Vector Representation Model for Zero-Shot Multilingual IR,
             2024. https://arxiv.org/abs/2402.15059
    Code:    ant-louis/xm-retrievers, its policy of what is frozen; transformers' X-MOD.
    Differs: late interaction as `students.LateInteraction` has it; a language the model does not
             have is not added, as its files have an adapter for each.
    Cost:    as a late-interaction student; gradients of what moves alone.

    Args:
        language: whose adapter is switched on, as the model names it.
        learns: "shared", all but embeddings and adapters; or the "adapter" of the language alone.
        dimensions: of a token's vector. Paper: 128. None: as many as the encoder gives.
        training_tokens: of a text, read in training. None: as many as the model reads.

    Returns:
        The student, which learns this way from now on.

    Raises:
        RecipeError: when its settings leave nothing to read.
        ModelError: when the student has no adapter for the language.
    """

    language: str = "en_XX"
    learns: Literal["shared", "adapter"] = "shared"
    dimensions: int | None = None
    training_tokens: int | None = None

    def __post_init__(self) -> None:
        """Refuse settings under which nothing is compared, or nothing is read."""
        self._compares()

    @property
    def documents_frozen(self) -> bool:
        """Document vectors change with the weights."""
        return False

    def head(self, model: Any) -> None:
        """The encoder itself learns."""
        del model

    def prepare(self, model: Any) -> Any:
        """A late-interaction model with a language switched on, of which a part is free to move."""
        transformer = model.transformers_model
        known = getattr(transformer.config, "languages", ())
        if self.language not in known:
            raise ModelError(
                f"ModularAdapter(language={self.language!r}): {type(transformer).__name__} has no "
                f"adapter for it.{near_miss(self.language, known)} A model with adapters is "
                "facebook/xmod-base."
            )
        transformer.set_default_language(self.language)
        made = self._compares().prepare(model)
        for weights in transformer.embeddings.parameters():
            weights.requires_grad = False
        for layer in transformer.encoder.layer:
            layer.output.adapter_modules.requires_grad_(requires_grad=False)
        if self.learns == "adapter":
            made.requires_grad_(requires_grad=False)
            for layer in transformer.encoder.layer:
                layer.output.adapter_modules[self.language].requires_grad_()
        return made

    def __call__(self, student: Student) -> Student:
        """Let what languages share learn, or one language's adapter."""
        return replace(student, shape=self)

    def _compares(self) -> LateInteraction:
        return LateInteraction(dimensions=self.dimensions, training_tokens=self.training_tokens)
