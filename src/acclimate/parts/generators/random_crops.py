"""RandomCrops: a random run of words asks for its document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from acclimate.errors import RecipeError
from acclimate.parts._cloze import CROPPED, cropped
from acclimate.parts._noise import Noise, noised
from acclimate.parts.generators._written import Rng, written
from acclimate.parts.part import Context
from acclimate.tables import Corpus, Queries

KIND = "random"


@dataclass(frozen=True, kw_only=True)
class RandomCrops:
    """Independent crops: a run of a document's words asks for another run of them.

    Both are drawn alike and may overlap, so that the student learns what makes two pieces one
    document: sometimes the same words, mostly the same subject. The query loses some words.

    The query's kind says how its document is to be read: "random_crop" (as a crop of its own, which
    `loops.Cloze` sees to), or "random" (whole, as when the model is used).

    Rows: [098].

    Paper:   Izacard, Caron, Hosseini, Riedel, Bojanowski, Joulin, Grave, Unsupervised Dense
             Information Retrieval with Contrastive Learning, TMLR 2022.
             https://arxiv.org/abs/2112.09118
    Code:    facebookresearch/contriever.
    Differs: words and not tokens; noise in the query alone; no replacement by random tokens. The
             other crop has the paper's shares whatever the settings here.
    Cost:    one pass over the drawn documents; no model.

    Args:
        per_document: crops of each document.
        shortest: share of the document's words that a crop has, at least. Paper: 0.05.
        longest: share of them, at most; drawn evenly between the two. Paper: 0.5.
        within_words: how much of a document's beginning is drawn from. Paper: 256 tokens.
        noise: what happens to some words of the query. Paper: "delete".
        share: of the words, 0…1. Paper: 0.1.
        crop_documents: whether the document is to be read as a crop of its own. Paper: yes.
        queries: how many in all; documents are drawn by their ids. None: all documents.

    Returns:
        Queries of kind "random_crop" or "random", in the order of the corpus.

    Example:
        >>> from acclimate.parts.part import Context
        >>> from acclimate.testing import toys
        >>> part = RandomCrops(shortest=1, longest=1, noise="none")
        >>> part(toys.CORPUS.take([9]), Context())["text"][0][:33]
        'The moon The moon turns once whil'
    """

    per_document: int = 1
    shortest: float = 0.05
    longest: float = 0.5
    within_words: int = 256
    noise: Noise = "delete"
    share: float = 0.1
    crop_documents: bool = True
    queries: int | None = None

    def __post_init__(self) -> None:
        """Refuse shares that are none."""
        if not (0 < self.shortest <= self.longest <= 1 and 0 <= self.share < 1):
            raise RecipeError(
                f"{self!r}: shortest and longest are shares above 0 and up to 1, in this order, "
                "and share lies below 1."
            )

    def __call__(self, corpus: Corpus, ctx: Context) -> Queries:
        """Cut the crops."""
        contents = corpus.contents
        kind = KIND + CROPPED if self.crop_documents else KIND

        def write(row: int, rng: Rng) -> Iterator[tuple[str, str]]:
            for _ in range(self.per_document):
                crop = cropped(
                    contents[row],
                    rng,
                    shortest=self.shortest,
                    longest=self.longest,
                    within_words=self.within_words,
                )
                words = noised(crop.split(), self.noise, self.share, "[MASK]", rng)
                yield kind, " ".join(words or crop.split())

        return written(self, corpus, ctx, write, self.queries)
