"""EncoderSwap: another transformer learns to give the student's own vectors."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from acclimate.errors import ModelError
from acclimate.models.encoders.dense import Dense as Encoder
from acclimate.models.student import Student
from acclimate.parts.students._layers import body_of


@dataclass(frozen=True, kw_only=True)
class EncoderSwap:
    """The transformer and pooling of another encoder, and a map to the student's dimensions.

    Taught the student's vectors of texts in one language (`loops.VectorDistillation`), an encoder
    whose inputs are alike across languages gives them in the others too. So a retriever learns
    languages, or becomes smaller, and an index that is there stays near enough to be searched. The
    student is saved as an ordinary sentence-transformers folder: transformer, pooling, Dense.

    Rows: [049].

    Paper:   NLLB-E5: A Scalable Multilingual Retrieval Model, NAACL 2025.
             https://arxiv.org/abs/2409.05401
    Code:    none followed; sentence-transformers' Dense module.
    Differs: any encoder that sentence-transformers opens, where the paper has the encoder of a
             translation model; the map begins orthogonal, which keeps angles as far as it can.
    Cost:    as a dense student with that transformer.

    Args:
        backbone: whose transformer and pooling.
        backbone_learns: whether it moves; else the map alone does.

    Returns:
        The student, which learns this way from now on.

    Raises:
        ModelError: when the student or the backbone is no dense encoder.
    """

    backbone: Encoder
    backbone_learns: bool = True

    @property
    def documents_frozen(self) -> bool:
        """Document vectors come from the new encoder."""
        return False

    @property
    def training_tokens(self) -> None:
        """Texts are read as far as the backbone reads."""
        return None

    def head(self, model: Any) -> None:
        """The encoder itself learns."""
        del model

    def prepare(self, model: Any) -> Any:
        """The backbone with a map behind it to as many dimensions as the model has."""
        from sentence_transformers import SentenceTransformer
        from sentence_transformers.base.modules import Normalize

        if model.model_type != "SentenceTransformer":
            raise ModelError(f"EncoderSwap gives vectors, and this is a {model.model_type}.")
        other = self.backbone.load(str(model.device))
        made = model
        if not _stands_on(model, other):
            body = body_of(other, "A student with another transformer")
            unit = [Normalize()] if model.similarity_fn_name == "cosine" else []
            made = SentenceTransformer(
                modules=[body, _pooling(other), _projection(other, model), *unit],
                device=str(model.device),
                prompts=dict(other.prompts),
                default_prompt_name=other.default_prompt_name,
                similarity_fn_name=model.similarity_fn_name,
            ).eval()
        made.requires_grad_()
        made[0].requires_grad_(requires_grad=self.backbone_learns)
        return made

    def __call__(self, student: Student) -> Student:
        """Let another transformer learn."""
        return replace(student, shape=self)


def _stands_on(model: Any, other: Any) -> bool:
    """Whether a model was made here before: it has the backbone's transformer and a map."""
    from sentence_transformers.base.modules import Dense

    if len(list(model)) < 3 or not isinstance(model[2], Dense):
        return False
    mine, theirs = ({name: w.shape for name, w in m[0].named_parameters()} for m in (model, other))
    return mine == theirs


def _pooling(model: Any) -> Any:
    from sentence_transformers.sentence_transformer.modules import Pooling

    width = int(model[0].get_embedding_dimension())
    return next((m for m in model if isinstance(m, Pooling)), Pooling(width, "mean"))


def _projection(other: Any, model: Any) -> Any:
    """A map from the vectors of one model to as many dimensions as another has."""
    import torch
    from sentence_transformers.base.modules import Dense

    width = int(_pooling(other).get_embedding_dimension())
    wanted = int(model.get_embedding_dimension())
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        weights = torch.nn.init.orthogonal_(torch.empty(wanted, width))
    return Dense(width, wanted, activation_function=torch.nn.Identity(), init_weight=weights)
