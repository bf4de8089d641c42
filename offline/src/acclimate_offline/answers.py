"""Answers: whether each bundled model loads and does its work."""

from __future__ import annotations

import math
from pathlib import Path

from acclimate.models.readers import Answering, Extractive
from acclimate.models.readers.answering import asked
from acclimate.models.scorers.cross_encoder import CrossEncoder
from acclimate.models.writers.seq2seq import Seq2Seq

DOCUMENT = (
    "The Baltic Sea is connected with the North Sea by three Danish straits: the Great Belt, the "
    "Little Belt and the Sound."
)
OTHER = "Bread is made of flour, water and yeast, and baked in an oven for about forty minutes."
NO_ANSWER = math.log(0.5)
"""Log-probability that a document answers, up to which the reader says that it does not."""
QUESTION = "which straits connect the baltic sea with the north sea?"


def answer(role: str, folder: Path) -> str:
    """What a model says to an example, in words.

    Args:
        role: writer, teacher or reader.
        folder: of the model.

    Raises:
        ModelError: when it cannot be opened.
    """
    return {"writer": _writer, "teacher": _teacher, "reader": _reader}[role](folder)


def _writer(folder: Path) -> str:
    opened = Seq2Seq(str(folder), prefix="question: ", max_new_tokens=24).open("cpu")
    return opened.write([DOCUMENT], count=1, seed=0)[0][0].text


def _teacher(folder: Path) -> str:
    scores = CrossEncoder(str(folder)).open("cpu").score([QUESTION] * 2, [DOCUMENT, OTHER])
    return f"{scores[0]:.2f} for the right document, {scores[1]:.2f} for another"


def _reader(folder: Path) -> str:
    opened = Answering(Extractive(str(folder))).open("cpu")
    ((said,),) = opened.write([asked(QUESTION, DOCUMENT)], count=1, seed=0)
    return said.text if (said.log_prob or 0.0) > NO_ANSWER else "no answer"
