"""Labellers: candidates to labels."""

from acclimate.parts.labellers.ensemble import Ensemble as Ensemble
from acclimate.parts.labellers.fusion import Fusion as Fusion
from acclimate.parts.labellers.graded import Graded as Graded
from acclimate.parts.labellers.late_interaction import LateInteraction as LateInteraction
from acclimate.parts.labellers.listwise import Listwise as Listwise
from acclimate.parts.labellers.pairwise import Pairwise as Pairwise
from acclimate.parts.labellers.rescale import Rescale as Rescale
from acclimate.parts.labellers.score import Score as Score
from acclimate.parts.labellers.source_is_relevant import SourceIsRelevant as SourceIsRelevant
