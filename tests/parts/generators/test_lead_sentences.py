"""LeadSentences: how a document begins."""

from acclimate.parts._cloze import readings
from acclimate.parts.generators import LeadSentences
from acclimate.parts.part import Context
from acclimate.tables import Corpus
from acclimate.testing import toys


def test_the_document_is_read_without_its_first_sentence():
    queries = LeadSentences(rest_words=5)(toys.CORPUS, Context())
    assert queries["text"][:2] == [
        "Bees visit flowers to gather nectar",
        "Compost is made of kitchen scraps and dry leaves",
    ]
    assert readings(toys.CORPUS, queries)[queries["query_id"][0]] == (
        "Bees They turn the nectar into honey and keep it in wax cells for the winter."
    )


def test_a_document_of_which_too_little_is_left_gives_none():
    assert len(LeadSentences(rest_words=30)(toys.CORPUS, Context())) == 0


def test_a_lead_outside_the_range_gives_none():
    corpus = Corpus.of([{"doc_id": "a", "title": "", "text": "Note. " + "More words here. " * 9}])
    assert len(LeadSentences()(corpus, Context())) == 0


def test_a_lead_that_is_not_hidden_or_has_lost_words_is_of_another_kind():
    for part in (
        LeadSentences(mask_rate=0, rest_words=5),
        LeadSentences(word_dropout=0.9, rest_words=5),
    ):
        assert set(part(toys.CORPUS, Context())["kind"]) == {"lead"}


def test_documents_without_words_give_none():
    corpus = Corpus.of([{"doc_id": "a", "title": "", "text": " ... "}])
    assert len(LeadSentences(rest_words=0)(corpus, Context())) == 0
