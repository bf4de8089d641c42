"""Miners: queries and documents in, candidates out."""

from acclimate.parts.miners.bm25 import BM25 as BM25
from acclimate.parts.miners.dense_search import DenseSearch as DenseSearch
from acclimate.parts.miners.random_documents import RandomDocuments as RandomDocuments
from acclimate.parts.miners.topical import Topical as Topical
from acclimate.parts.miners.union import Union as Union
from acclimate.parts.miners.with_student import WithStudent as WithStudent
