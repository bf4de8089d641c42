"""Sparse: a text becomes weights of words, most of them 0."""

from __future__ import annotations

from dataclasses import dataclass, replace
from tempfile import TemporaryDirectory
from typing import Any, Protocol

from acclimate.errors import ModelError, RecipeError
from acclimate.models.loading import loading
from acclimate.models.masked import decodes, masked_language_model
from acclimate.models.ref import Kind
from acclimate.models.student import Student
from acclimate.parts.part import TensorLoss
from acclimate.parts.students._layers import body_of, check, freed


class Weight(Protocol):
    """How much a term of a loss weighs as training goes on, as `losses.QuadraticWarmup` says."""

    def at(self, step: int) -> float:
        """The weight at this update, counted from 0."""
        ...


@dataclass(frozen=True, kw_only=True)
class Sparse:
    """SPLADE: a word's weight is max over the text's tokens of ln(1 + max(0, logit of the word)).

    The logits are those of a language model. A sparse encoder goes on as it is. A masked language
    model becomes one as it stands; a dense encoder gets a head for words over its own embeddings,
    which begins at weights of chance, so that it needs many more updates. What makes vectors
    sparse is the penalty: without one nearly every word keeps a weight. The student is saved as an
    ordinary SparseEncoder folder and searched with `indexes.Inverted`.

    A token of a decoder (a causal language model) sees no later one: without `echo` a text has at
    least the weights of its beginning, whatever follows. So a decoder reads each text twice, and
    only the tokens of the second copy count.

    Rows: [052], [057], [097].

    Paper:   Formal, Lassance, Piwowarski, Clinchant, From Distillation to Hard Negative Sampling:
             Making Sparse Neural IR Models More Effective (SPLADE++), SIGIR 2022.
             https://arxiv.org/abs/2205.04733; echo: Doshi, Kumar, Murthy, P, Sen, Mistral-SPLADE:
             LLMs for better Learned Sparse Retrieval, 2024. https://arxiv.org/abs/2408.11119
    Code:    sentence-transformers' SparseEncoder and SpladePooling.
    Differs: all weights of a decoder learn, where the paper has low-rank matrices. The folder of a
             decoder has a module of ours: sentence-transformers alone opens it with
             `trust_remote_code=True` and acclimate installed, and it is not exported.
    Cost:    as a dense student, and for every token the logits of all words: about three times the
             memory; each update encodes twice where its texts are many, as the penalty is no mean
             over texts. An echo doubles the tokens, and logits are of the second copy alone.

    Args:
        penalty: of the weights of all queries, or of all documents, of an update; losses.Flops or
            losses.L1. None: none.
        query_weight: how much that of queries counts. None: nothing.
        document_weight: how much that of documents counts. None: nothing.
        inference_free: whether queries are looked up in a table, a learned weight for each word
            they hold, so that asking costs no model.
        echo: whether a decoder reads each text twice, and so half as many tokens of it. Of an
            encoder, whose tokens see the whole text, and of a sparse encoder it changes nothing.
        frozen: share of the layers, counted from below and rounded down, that do not learn; with
            one or more of them, nor do embeddings.
        training_tokens: of a text, read in training. None: as many as the model reads.

    Returns:
        The student, which learns this way from now on.

    Raises:
        RecipeError: when its settings leave nothing to learn from, or a weight has no penalty.
    """

    penalty: TensorLoss | None = None
    query_weight: Weight | None = None
    document_weight: Weight | None = None
    inference_free: bool = False
    echo: bool = True
    frozen: float = 0.0
    training_tokens: int | None = None

    def __post_init__(self) -> None:
        """Refuse half a penalty, and settings under which nothing is read."""
        check(self)
        weighed = self.query_weight is not None or self.document_weight is not None
        if weighed != (self.penalty is not None):
            raise RecipeError(
                f"{self!r}: a penalty needs a weight, and a weight a penalty. Give penalty= and "
                "query_weight= or document_weight=, or none of them."
            )

    @property
    def documents_frozen(self) -> bool:
        """Document vectors change with the weights."""
        return False

    @property
    def presses(self) -> bool:
        """Whether there is a penalty."""
        return self.penalty is not None

    def head(self, model: Any) -> None:
        """The encoder itself learns."""
        del model

    def prepare(self, model: Any) -> Any:
        """A sparse encoder with its upper layers free to move."""
        from sentence_transformers.base.modules import Router

        sparse = model if model.model_type == "SparseEncoder" else _of_words(model, echo=self.echo)
        if self.inference_free and not isinstance(sparse[0], Router):
            sparse = _looked_up(sparse)
        return freed(sparse, self.frozen)

    def pressure(self, made: Any, kind: Kind, step: int) -> Any:
        """The penalty of an update's queries, or of its documents, with its weight."""
        weight = self.query_weight if kind == "query" else self.document_weight
        if self.penalty is None or weight is None:
            return made.new_zeros(())
        return weight.at(step) * self.penalty(made, made.new_ones(len(made)).bool())

    def __call__(self, student: Student) -> Student:
        """Let a sparse encoder learn."""
        return replace(student, shape=self)


def _of_words(model: Any, *, echo: bool) -> Any:
    """The transformer of a dense encoder with a head that gives logits of words.

    Files of a language model have such a head, which a dense encoder leaves out.
    """
    from sentence_transformers.sparse_encoder.modules import SpladePooling

    from acclimate.models.encoders.decoder import Decoder

    body = body_of(model, "A sparse encoder")
    words = Decoder.of(body, echo=echo) if decodes(body) else _masked(body)
    count = int(words.model.config.vocab_size)
    return _encoder([words, SpladePooling("max", embedding_dimension=count)], model)


def _masked(body: Any) -> Any:
    """A module of the masked language model whose transformer an encoder has."""
    from sentence_transformers.base.modules import Transformer

    name = str(body.model.name_or_path)
    with loading(name, "a masked language model"), TemporaryDirectory() as folder:
        masked_language_model(body).save_pretrained(folder)
        body.tokenizer.save_pretrained(folder)
        words = Transformer(
            folder, transformer_task="fill-mask", model_kwargs={"local_files_only": True}
        )
    words.max_seq_length = body.max_seq_length
    return words


def _looked_up(model: Any) -> Any:
    """A sparse encoder whose queries are looked up in a table that begins with ones."""
    from sentence_transformers.base.modules import Router
    from sentence_transformers.sparse_encoder.modules import SparseStaticEmbedding

    table = SparseStaticEmbedding(tokenizer=model.tokenizer)
    count = int(model.transformers_model.config.vocab_size)
    if table.num_dimensions != count:
        raise ModelError(
            f"The tokenizer knows {table.num_dimensions} words and the model {count}: queries "
            "cannot be looked up. Leave inference_free out."
        )
    routes = Router.for_query_document(query_modules=[table], document_modules=list(model))
    return _encoder([routes], model)


def _encoder(modules: list[Any], model: Any) -> Any:
    from sentence_transformers import SparseEncoder

    return SparseEncoder(
        modules=modules,
        device=str(model.device),
        prompts=dict(model.prompts),
        default_prompt_name=model.default_prompt_name,
        similarity_fn_name="dot",
    ).eval()
