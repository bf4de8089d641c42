"""Readers: models of which it is read what they make of a text, and not asked to write."""

from acclimate.models.readers.answering import Answering as Answering
from acclimate.models.readers.extractive import Extractive as Extractive
from acclimate.models.readers.fusion_in_decoder import FusionInDecoder as FusionInDecoder
from acclimate.models.readers.language_model import LanguageModel as LanguageModel
from acclimate.models.readers.n_gram_reader import NGramReader as NGramReader
