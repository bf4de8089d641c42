"""Vectors by hand: an engine that looks texts up."""

import numpy as np
import pytest


class Table:
    """Token vectors by text; the sentence vector is the first one."""

    def __init__(self, vectors):
        self.vectors = {text: np.array(v, dtype=np.float32) for text, v in vectors.items()}
        self.encoded = []

    def encode(self, encoder, texts, *, kind):
        self.encoded += list(texts)
        return np.array([self.vectors[text][0] for text in texts], dtype=np.float32).reshape(-1, 2)

    def encode_tokens(self, encoder, texts, *, kind):
        self.encoded += list(texts)
        return [self.vectors[text].reshape(-1, 2) for text in texts]

    def keep(self, name, texts, make):
        return make()


@pytest.fixture
def table():
    return Table
