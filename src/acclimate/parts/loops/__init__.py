"""Loops: parts that train the student."""

from acclimate.parts.loops.adaptive_self_training import (
    AdaptiveSelfTraining as AdaptiveSelfTraining,
)
from acclimate.parts.loops.alternating_cache import AlternatingCache as AlternatingCache
from acclimate.parts.loops.cloze import Cloze as Cloze
from acclimate.parts.loops.co_condenser import CoCondenser as CoCondenser
from acclimate.parts.loops.cooperative import Cooperative as Cooperative
from acclimate.parts.loops.coupled_estimation import CoupledEstimation as CoupledEstimation
from acclimate.parts.loops.curriculum import Curriculum as Curriculum
from acclimate.parts.loops.denoising import Denoising as Denoising
from acclimate.parts.loops.dynamic_listwise_distillation import (
    DynamicListwiseDistillation as DynamicListwiseDistillation,
)
from acclimate.parts.loops.false_negative_adapter import (
    FalseNegativeAdapter as FalseNegativeAdapter,
)
from acclimate.parts.loops.fit import Fit as Fit
from acclimate.parts.loops.fusion_ranker import FusionRanker as FusionRanker
from acclimate.parts.loops.layer_swap import LayerSwap as LayerSwap
from acclimate.parts.loops.masked_language import MaskedLanguage as MaskedLanguage
from acclimate.parts.loops.merge_weights import MergeWeights as MergeWeights
from acclimate.parts.loops.momentum_contrast import MomentumContrast as MomentumContrast
from acclimate.parts.loops.question_contrast import QuestionContrast as QuestionContrast
from acclimate.parts.loops.rounds import Rounds as Rounds
from acclimate.parts.loops.sampled import Sampled as Sampled
from acclimate.parts.loops.self_training import SelfTraining as SelfTraining
from acclimate.parts.loops.staged import Staged as Staged
from acclimate.parts.loops.step_by_step import StepByStep as StepByStep
from acclimate.parts.loops.teacher_then_distil import TeacherThenDistil as TeacherThenDistil
from acclimate.parts.loops.topic_shift import TopicShift as TopicShift
from acclimate.parts.loops.vector_distillation import VectorDistillation as VectorDistillation
from acclimate.parts.loops.with_drafts import WithDrafts as WithDrafts
