"""InverseCloze: a sentence asks for the rest of its document. [080]"""

from acclimate.parts._cloze import readings, remaining
from acclimate.parts._words import clean, sentences
from acclimate.parts.generators import InverseCloze
from acclimate.parts.part import Context
from acclimate.tables import Corpus
from acclimate.testing import toys

NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight")


def blocks(count):
    text = " ".join(f"This is sentence number {n}." for n in NUMBERS)
    return Corpus.of({"doc_id": str(i), "title": "T", "text": text} for i in range(count))


def test_about_ninety_of_a_hundred_draws_miss_the_sentence_from_the_block():
    corpus = blocks(10_000)
    queries = InverseCloze()(corpus, Context())
    hidden = readings(corpus, queries)
    assert len(queries) == 10_000
    assert 0.89 < len(hidden) / 10_000 < 0.91  # three standard errors are 0.009
    row = next(q for q in queries.dicts() if q["query_id"] in hidden)
    assert row["text"] not in hidden[row["query_id"]]


def test_the_block_without_its_sentence_keeps_its_order():
    corpus = blocks(1)
    for place, number in enumerate(NUMBERS):
        _, rest = remaining("T", corpus["text"][0], f"This is sentence number {number}")
        left = [clean(rest[a:b]).split()[-1] for a, b in sentences(rest)]
        assert left == [n for i, n in enumerate(NUMBERS) if i != place]


def test_every_sentence_of_a_block_is_drawn_about_as_often():
    queries = InverseCloze()(blocks(4_000), Context())
    counts = [queries["text"].count(f"This is sentence number {n}") for n in NUMBERS]
    assert min(counts) > 400  # 500 expected, standard deviation 21
    assert max(counts) < 600


def test_a_block_of_one_sentence_is_skipped_when_it_would_be_hidden():
    corpus = Corpus.of(
        {"doc_id": str(i), "title": "", "text": "Only this sentence here."} for i in range(1_000)
    )
    queries = InverseCloze()(corpus, Context())
    assert 60 < len(queries) < 140  # one in ten
    assert set(queries["kind"]) == {"sentence"}


def test_several_sentences_of_a_document_differ():
    queries = InverseCloze(per_document=3)(blocks(1), Context())
    assert len(set(queries["text"])) == 3


def test_words_dropped_from_the_query_leave_the_document_whole():
    queries = InverseCloze(word_dropout=0.5, mask_rate=1.0)(blocks(50), Context())
    for row in queries.dicts():
        whole = len(row["text"].split()) == 5
        assert row["kind"] == ("inverse_cloze" if whole else "sentence")
    assert "sentence" in queries["kind"]
    assert all(len(text.split()) >= 2 for text in queries["text"])


def test_sentences_outside_the_range_are_not_drawn():
    corpus = Corpus.of([{"doc_id": "a", "title": "", "text": "Too short. This one is right."}])
    assert InverseCloze(mask_rate=1)(corpus, Context())["text"] == ["This one is right"]


def test_japanese_tables_and_code_give_sentences_too():
    corpus = Corpus.of(
        [
            {
                "doc_id": "ja",
                "title": "",
                "text": "吾輩は猫である。名前はまだ無い。どこで生れたか知らぬ。",
            },
            {
                "doc_id": "table",
                "title": "",
                "text": "| name of fruit | price now |\n|---|---|\n"
                "| one red apple | five coins |\n| two green pears | six coins |",
            },
            {
                "doc_id": "code",
                "title": "",
                "text": "def add(a, b):\n    return a + b\n\n"
                "total = add(1, 2)\nprint(total, file=out)",
            },
            {"doc_id": "words", "title": "", "text": "word " * 200},
        ]
    )
    queries = InverseCloze(mask_rate=0, at_least_words=2)(corpus, Context())
    assert set(queries["source_doc_id"]) == {"ja", "table", "code", "words"}


def test_adding_a_document_changes_no_query_of_another():
    few = InverseCloze()(toys.CORPUS.head(6), Context())
    many = InverseCloze()(toys.CORPUS, Context())
    assert set(few["query_id"]) <= set(many["query_id"])


def test_a_limit_on_queries_draws_documents_by_their_ids():
    part = InverseCloze(queries=5)
    queries = part(toys.CORPUS, Context())
    backwards = part(toys.CORPUS.take(range(11, -1, -1)), Context())
    assert len(queries) == 5
    assert set(queries["query_id"]) == set(backwards["query_id"])
    places = [toys.CORPUS.position[s] for s in queries["source_doc_id"]]
    assert places == sorted(places)
