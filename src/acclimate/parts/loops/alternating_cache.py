"""AlternatingCache: one tower learns against the other's kept vectors, then the other does."""

from __future__ import annotations

from dataclasses import dataclass

from acclimate.errors import RecipeError, StoreError
from acclimate.models.indexes.flat import OWN
from acclimate.models.student import Model, Student, drops
from acclimate.parts.loops._stages import check_trainers, trained
from acclimate.parts.part import Context, Trainer
from acclimate.tables import Corpus, Labels, Queries


@dataclass(frozen=True, kw_only=True)
class AlternatingCache:
    """Trains the encoder of queries and that of documents in turns, each against kept vectors.

    While one tower is frozen, all its vectors are computed once; the other learns to tell its
    own from very many of them, which cost nothing but a product. As nothing kept ever ages, no
    momentum is needed. Then they change places: queries look for their documents in odd turns,
    documents for their queries in even ones. What labels say of a query and a document says the
    same the other way round; a label above 0 is relevant.

    Rows: [035].

    Paper:   LaPraDoR: Unsupervised Pretrained Dense Retriever for Zero-Shot Text Retrieval,
             Findings of ACL 2022 (iterative contrastive learning). https://arxiv.org/abs/2203.06169
    Code:    none followed.
    Differs: the cache holds the labelled documents, or queries, and not a queue of the last ones.
             Under dropout (`students.Dense(dropout=True)`) is what learns; what is kept is not.
    Cost:    a turn is its loop, which encodes one side of its pairs only, and one encoding of the
             other side.

    Args:
        loop: how a tower learns in its turn.
        turns: how many; an odd one is the queries', an even one the documents'.

    Returns:
        The student with two towers, saved as one model with two routes.

    Raises:
        RecipeError: when the student does not make one vector of a text.
    """

    loop: Trainer
    turns: int = 4

    def __post_init__(self) -> None:
        """Refuse a loop that does not train, and no turn."""
        check_trainers(self, (self.loop,))
        if self.turns < 1:
            raise RecipeError(
                f"AlternatingCache(turns={self.turns}) would do nothing. Give 1 or more."
            )

    def __call__(
        self, corpus: Corpus, queries: Queries, labels: Labels, student: Student, ctx: Context
    ) -> Student:
        """Carry out the turns."""
        if ctx.folder is None:
            raise StoreError("AlternatingCache writes weights. Give Context(folder=…).")
        if type(student.encoder) in OWN:
            raise RecipeError(
                "AlternatingCache keeps vectors, and the student makes none of a whole text. Give "
                "a dense encoder."
            )
        from acclimate.parts.loops._towers import OneTower, turned, turned_tables

        tokens = student.shape.training_tokens if student.shape else None
        shape = OneTower(training_tokens=tokens, dropout=drops(student.shape))
        kept, device = ctx.folder / "turned", ctx.engine.device
        asking, asked = (corpus, queries, labels), turned_tables(corpus, queries, labels)

        def learned(encoder: Model, tables: tuple[Corpus, Queries, Labels], turn: int) -> Model:
            one = Student(encoder=encoder, shape=shape, stem=encoder)
            return trained(self.loop, tables, one, ctx, folder=f"turn-{turn}").encoder

        encoder = student.encoder
        for turn in ctx.track(range(1, self.turns + 1), "turns", self.turns):
            if turn % 2:
                encoder = learned(encoder, asking, turn)
            else:
                encoder = turned(learned(turned(encoder, kept, device), asked, turn), kept, device)
        ctx.note("asked", {"queries": len(asked[0]), "documents": len(asked[1])})
        return student.trained(encoder)
