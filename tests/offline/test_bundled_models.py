"""What the weights that come with acclimate-offline know; without them there is nothing to test."""

import math

import numpy as np
import pytest

from acclimate.models.readers import Answering, Extractive
from acclimate.models.readers.answering import asked
from acclimate.models.scorers.cross_encoder import CrossEncoder
from acclimate.models.writers.seq2seq import Seq2Seq
from acclimate.testing import toys
from acclimate_offline import bundle

ANSWERS = {
    "how many hours of sun do tomatoes need?": ("tomatoes", "six"),
    "what do rim brakes press on the wheel?": ("brakes", "two rubber pads"),
    "what is a sourdough starter made of?": ("bread", "flour"),
    "what is a comet?": ("comets", "ice"),
    "how often does the water rise?": ("tides", "twice"),
}

pytestmark = pytest.mark.integration


def bundled(role: str) -> str:
    """The folder of a model, or the test is skipped."""
    try:
        return str(bundle.folder(role))
    except bundle.NotBundledError as error:
        pytest.skip(str(error))


def first_of(teacher, question: str) -> str:
    """The document of the toys that a cross-encoder puts first."""
    scores = teacher.score([question] * len(toys.CORPUS), toys.CORPUS.contents)
    return toys.CORPUS["doc_id"][int(np.argmax(scores))]


def test_the_teacher_puts_a_document_that_answers_first():
    teacher = CrossEncoder(bundled("teacher")).open("cpu")
    for query in toys.QUERIES.dicts():
        right = toys.QRELS.where("query_id", [query["query_id"]])["doc_id"]
        assert first_of(teacher, query["text"]) in right


def test_the_reader_answers_where_there_is_an_answer_and_only_there():
    reader = Answering(Extractive(bundled("reader"))).open("cpu")
    texts = dict(zip(toys.CORPUS["doc_id"], toys.CORPUS.contents, strict=True))
    for question, (source, answer) in ANSWERS.items():
        prompts = [asked(question, texts[source]), asked(question, texts["yoghurt"])]
        (said,), (other,) = reader.write(prompts, count=1, seed=0)
        assert answer in said.text
        assert said.log_prob > math.log(0.5) > other.log_prob


def test_the_writer_asks_about_the_document_it_was_given():
    writer = Seq2Seq(bundled("writer"), prefix="question: ", max_new_tokens=24).open("cpu")
    teacher = CrossEncoder(bundled("teacher")).open("cpu")
    written = writer.write(toys.CORPUS.contents, count=3, seed=0)
    asked_for = [
        first_of(teacher, question.text) == source
        for source, questions in zip(toys.CORPUS["doc_id"], written, strict=True)
        for question in questions
    ]
    assert np.mean(asked_for) > 0.6  # one in twelve by chance
