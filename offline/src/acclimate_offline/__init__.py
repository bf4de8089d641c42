"""acclimate-offline: a small writer, teacher and reader that need no model hub.

from acclimate.models.scorers.cross_encoder import CrossEncoder
from acclimate.models.writers.seq2seq import Seq2Seq
import acclimate_offline

questions = Seq2Seq(str(acclimate_offline.writer()), prefix="question: ")
teacher = CrossEncoder(str(acclimate_offline.teacher()))
"""

from __future__ import annotations

from pathlib import Path

from acclimate_offline.bundle import ROLES as ROLES
from acclimate_offline.bundle import NotBundledError as NotBundledError
from acclimate_offline.bundle import folder


def writer() -> Path:
    """Folder of the writer: documents to questions, keywords, claims and titles.

    Raises:
        NotBundledError: when this installation has none.
    """
    return folder("writer")


def teacher() -> Path:
    """Folder of the teacher: a cross-encoder for (query, document) pairs.

    Raises:
        NotBundledError: when this installation has none.
    """
    return folder("teacher")


def reader() -> Path:
    """Folder of the reader: which words of a document answer a question, or that none do.

    Raises:
        NotBundledError: when this installation has none.
    """
    return folder("reader")
