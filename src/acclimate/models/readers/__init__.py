"""Readers: language models of which it is read how likely they find a text."""

from acclimate.models.readers.language_model import LanguageModel as LanguageModel
from acclimate.models.readers.n_gram_reader import NGramReader as NGramReader
