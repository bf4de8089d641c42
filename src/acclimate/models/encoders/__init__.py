"""Encoders: of one vector, of weights of words, of a vector per token."""

from acclimate.models.encoders.dense import Dense as Dense
from acclimate.models.encoders.exported import Exported as Exported
from acclimate.models.encoders.multi_vector import MultiVector as MultiVector
from acclimate.models.encoders.sparse import Sparse as Sparse
