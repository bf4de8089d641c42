"""Evaluators: how well systems rank. Only they may ask for judgements by people."""

from acclimate.parts.evaluators.answer_quality import AnswerQuality as AnswerQuality
from acclimate.parts.evaluators.held_out import HeldOut as HeldOut
from acclimate.parts.evaluators.instruction_following import (
    InstructionFollowing as InstructionFollowing,
)
from acclimate.parts.evaluators.instruction_robustness import (
    InstructionRobustness as InstructionRobustness,
)
from acclimate.parts.evaluators.leakage import Leakage as Leakage
from acclimate.parts.evaluators.retrieval import Retrieval as Retrieval
from acclimate.parts.evaluators.significance import Comparison as Comparison
from acclimate.parts.evaluators.significance import Significance as Significance
