"""nllb_e5: a multilingual encoder learns a retriever's vectors from one language."""

from __future__ import annotations

from acclimate.models.encoders.dense import Dense
from acclimate.parts import loops, losses, students
from acclimate.recipes.recipe import Recipe


def nllb_e5(
    *,
    backbone: Dense = Dense("sentence-transformers/LaBSE"),  # noqa: B008
    steps: int = 2_000,
    batch: int = 64,
    learning_rate: float = 5e-5,
    backbone_learns: bool = True,
) -> Recipe:
    """The student's vectors of the documents are taught to an encoder that knows more languages.

    The backbone reads a text and its translation alike, so what it learns in the language of the
    documents holds in the others: queries in any of them find what the student finds. No label, no
    query and no translation is needed.

    Rows: [049].

    Paper:   NLLB-E5: A Scalable Multilingual Retrieval Model, NAACL 2025.
             https://arxiv.org/abs/2409.05401
    Code:    none followed.
    Differs: a multilingual sentence encoder stands where the paper has the encoder of the NLLB
             translation model, which is no sentence-transformers model; documents alone are taught.
             There is no gate: in the documents' own language the student is what is copied, and
             nothing here speaks another.
    Cost:    encodes every document once; `steps` · `batch` documents of training with the backbone.

    Args:
        backbone: the encoder that reads all languages alike.
        steps: optimiser updates.
        batch: documents per update.
        learning_rate: at its highest.
        backbone_learns: whether it moves, beside the map behind it.
    """
    return Recipe(
        "nllb_e5",
        (
            students.EncoderSwap(backbone=backbone, backbone_learns=backbone_learns),
            loops.VectorDistillation(
                loss=losses.EmbeddingDistillation(),
                steps=steps,
                batch=batch,
                learning_rate=learning_rate,
                warmup=max(1, steps // 10),
            ),
        ),
    )
