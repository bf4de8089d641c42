"""Writers of texts."""

from acclimate.models.writers.causal import Causal as Causal
from acclimate.models.writers.seq2seq import Seq2Seq as Seq2Seq
