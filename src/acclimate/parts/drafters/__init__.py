"""Drafters: queries to documents that only teach. No index and no gate ever sees them."""

from acclimate.parts.drafters.graded_documents import GradedDocuments as GradedDocuments
from acclimate.parts.drafters.guidance_pairs import GuidancePairs as GuidancePairs
from acclimate.parts.drafters.instruction_negatives import (
    InstructionNegatives as InstructionNegatives,
)
from acclimate.parts.drafters.joint_document_question import (
    JointDocumentQuestion as JointDocumentQuestion,
)
from acclimate.parts.drafters.marginal_answer import MarginalAnswer as MarginalAnswer
from acclimate.parts.drafters.rewrites import Rewrites as Rewrites
from acclimate.parts.drafters.synthetic_passages import SyntheticPassages as SyntheticPassages
from acclimate.parts.drafters.task_and_pair import TaskAndPair as TaskAndPair
