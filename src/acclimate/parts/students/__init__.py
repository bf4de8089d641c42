"""Students: how a student learns."""

from acclimate.parts.students.adapter import Adapter as Adapter
from acclimate.parts.students.dense import Dense as Dense
from acclimate.parts.students.encoder_swap import EncoderSwap as EncoderSwap
from acclimate.parts.students.instructed import Instructed as Instructed
from acclimate.parts.students.late_interaction import LateInteraction as LateInteraction
from acclimate.parts.students.low_rank import LowRank as LowRank
from acclimate.parts.students.matryoshka import Matryoshka as Matryoshka
from acclimate.parts.students.modular_adapter import ModularAdapter as ModularAdapter
from acclimate.parts.students.prefix import Prefix as Prefix
from acclimate.parts.students.query_side import QuerySide as QuerySide
from acclimate.parts.students.reranker import Reranker as Reranker
from acclimate.parts.students.sequential import Sequential as Sequential
from acclimate.parts.students.sparse import Sparse as Sparse
from acclimate.parts.students.static import Static as Static
from acclimate.parts.students.two_towers import TwoTowers as TwoTowers
