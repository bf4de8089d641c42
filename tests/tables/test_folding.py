"""Folding: the best piece speaks for the whole document."""

from acclimate.tables import Candidates, Corpus, fold, fold_ranking

CORPUS = Corpus.columns(
    doc_id=["a#0", "a#1", "b", "c#0"],
    title=[""] * 4,
    text=["w", "x", "y", "z"],
    parent_id=["a", "a", None, "c"],
)


def found(rows):
    names = ("query_id", "doc_id", "rank", "score", "is_source", "miner")
    return Candidates.of([dict(zip(names, row, strict=True)) for row in rows])


def test_wholes_are_ranked_anew_by_their_best_piece():
    folded = fold(
        found(
            [
                ("q2", "b", 1, 9.0, False, "m"),
                ("q1", "a#0", 1, 0.9, False, "bm25"),
                ("q1", "b", 2, 0.8, False, "bm25"),
                ("q1", "a#1", 3, 0.7, True, "dense"),
                ("q1", "c#0", 4, 0.6, False, "dense"),
            ]
        ),
        CORPUS,
    )
    assert [tuple(row.values()) for row in folded.dicts()] == [
        ("q2", "b", 1, 9.0, False, "m"),
        ("q1", "a", 1, folded["score"][1], True, "bm25"),
        ("q1", "b", 2, folded["score"][2], False, "bm25"),
        ("q1", "c", 3, folded["score"][3], False, "dense"),
    ]


def test_equal_scores_keep_the_order_of_their_ranks():
    folded = fold(
        found(
            [
                ("q", "b", 2, 1.0, False, "m"),
                ("q", "c#0", 1, 1.0, False, "m"),
                ("q", "a#1", 3, 2.0, False, "m"),
            ]
        ),
        CORPUS,
    )
    assert folded["doc_id"] == ["a", "c", "b"]
    assert folded["rank"] == [1, 2, 3]


def test_nothing_folds_to_nothing():
    assert len(fold(Candidates.empty(), CORPUS)) == 0
    assert fold_ranking([], CORPUS) == []


def test_a_ranking_folds_too():
    ranking = [("b", 0.5), ("a#0", 0.9), ("a#1", 0.7), ("c#0", 0.95), ("other", 0.1)]
    assert fold_ranking(ranking, CORPUS) == [("c", 0.95), ("a", 0.9), ("b", 0.5), ("other", 0.1)]


def test_pieces_made_by_split_fold_back():
    corpus = Corpus.read([{"id": "d", "text": "one two three four " * 10}])
    pieces = corpus.split(16, lambda text: len(text.split()))
    ranking = [(doc_id, float(n)) for n, doc_id in enumerate(pieces["doc_id"])]
    assert fold_ranking(ranking, pieces) == [("d", float(len(pieces) - 1))]
