"""RandomCrops: independent crops of one document. [098]"""

import numpy as np
import pytest

from acclimate.errors import RecipeError
from acclimate.parts._cloze import readings
from acclimate.parts._words import words
from acclimate.parts.generators import RandomCrops
from acclimate.parts.part import Context
from acclimate.tables import Corpus
from acclimate.testing import toys

HUNDRED = " ".join(f"w{n}" for n in range(100))


def documents(count, text=HUNDRED):
    return Corpus.of({"doc_id": str(n), "title": "", "text": text} for n in range(count))


def test_a_crop_has_a_share_of_the_words_drawn_evenly() -> None:
    """[098]: length = int(n·u), u ~ U(0.05, 0.5), uniform start."""
    queries = RandomCrops(noise="none")(documents(4_000), Context())
    crops = [words(text) for text in queries["text"]]
    lengths = np.array([len(crop) for crop in crops])
    assert lengths.min() == 5
    assert lengths.max() == 49  # int(100 · u) with u below a half
    assert abs(lengths.mean() - (5 + 49) / 2) < 1  # standard error 0.2
    for crop in crops:
        first = int(crop[0][1:])
        assert crop == [f"w{n}" for n in range(first, first + len(crop))]
    starts = np.array([int(crop[0][1:]) / (101 - len(crop)) for crop in crops])
    assert abs(starts.mean() - 0.5) < 0.02


def test_the_document_is_read_as_a_crop_of_its_own() -> None:
    corpus = documents(300)
    queries = RandomCrops(noise="none")(corpus, Context())
    shown = readings(corpus, queries)
    assert len(shown) == 300
    lengths = [len(words(text)) for text in shown.values()]
    assert 5 <= min(lengths) < 10
    assert 44 < max(lengths) <= 49
    texts = dict(zip(queries["query_id"], queries["text"], strict=True))
    overlaps = [bool(set(words(texts[q])) & set(words(text))) for q, text in shown.items()]
    assert 0 < sum(overlaps) < 300


def test_or_whole() -> None:
    queries = RandomCrops(crop_documents=False)(toys.CORPUS, Context())
    assert set(queries["kind"]) == {"random"}
    assert readings(toys.CORPUS, queries) == {}


def test_one_word_in_ten_of_the_query_is_deleted() -> None:
    """[098]: delete, p = 0.1."""
    queries = RandomCrops(shortest=1, longest=1)(documents(400), Context())
    counts = [len(text.split()) for text in queries["text"]]
    assert abs(sum(counts) / 400 - 90) < 0.6  # standard error 0.15


def test_only_the_beginning_of_a_long_document_is_drawn_from() -> None:
    part = RandomCrops(within_words=10, noise="none", per_document=30)
    seen = {w for text in part(documents(1), Context())["text"] for w in words(text)}
    assert seen == {f"w{n}" for n in range(10)}


def test_a_crop_of_one_word_stays_and_a_document_without_words_gives_none() -> None:
    one = RandomCrops(share=0.99)(documents(20, "alone"), Context())
    assert one["text"] == ["alone"] * 20
    assert len(RandomCrops()(documents(1, "..."), Context())) == 0


def test_shares_that_are_none_are_refused() -> None:
    with pytest.raises(RecipeError, match="in this order"):
        RandomCrops(shortest=0.6)
