"""Indexes as values: built over documents by the engine, then searched."""

from acclimate.models.indexes.adapter_reranked import AdapterReranked as AdapterReranked
from acclimate.models.indexes.approximate import Approximate as Approximate
from acclimate.models.indexes.bm25 import BM25 as BM25
from acclimate.models.indexes.coverage import Coverage as Coverage
from acclimate.models.indexes.flat import Flat as Flat
from acclimate.models.indexes.focused import Focused as Focused
from acclimate.models.indexes.hyde import HyDE as HyDE
from acclimate.models.indexes.interpolated import Interpolated as Interpolated
from acclimate.models.indexes.inverted import Inverted as Inverted
from acclimate.models.indexes.late_interaction import LateInteraction as LateInteraction
from acclimate.models.indexes.learned_fusion import LearnedFusion as LearnedFusion
from acclimate.models.indexes.lexical_dense import LexicalDense as LexicalDense
from acclimate.models.indexes.reranked import Reranked as Reranked
from acclimate.models.indexes.vector_prf import VectorPRF as VectorPRF
