"""Loops: parts that train the student."""

from acclimate.parts.loops.fit import Fit as Fit
from acclimate.parts.loops.rounds import Rounds as Rounds
