"""Labellers: candidates to labels."""

from acclimate.parts.labellers.agreement import Agreement as Agreement
from acclimate.parts.labellers.answer_match import AnswerMatch as AnswerMatch
from acclimate.parts.labellers.answerability import Answerability as Answerability
from acclimate.parts.labellers.best_in_top import BestInTop as BestInTop
from acclimate.parts.labellers.budgeted import Budgeted as Budgeted
from acclimate.parts.labellers.by_kind import ByKind as ByKind
from acclimate.parts.labellers.calibrated import Calibrated as Calibrated
from acclimate.parts.labellers.cascade import Cascade as Cascade
from acclimate.parts.labellers.clicks import Clicks as Clicks
from acclimate.parts.labellers.composite_score import CompositeScore as CompositeScore
from acclimate.parts.labellers.cooccurrence import Cooccurrence as Cooccurrence
from acclimate.parts.labellers.covered import Covered as Covered
from acclimate.parts.labellers.embedding_teacher import EmbeddingTeacher as EmbeddingTeacher
from acclimate.parts.labellers.ensemble import Ensemble as Ensemble
from acclimate.parts.labellers.evidence import Evidence as Evidence
from acclimate.parts.labellers.fusion import Fusion as Fusion
from acclimate.parts.labellers.graded import Graded as Graded
from acclimate.parts.labellers.late_interaction import LateInteraction as LateInteraction
from acclimate.parts.labellers.lexical_dense_product import (
    LexicalDenseProduct as LexicalDenseProduct,
)
from acclimate.parts.labellers.listwise import Listwise as Listwise
from acclimate.parts.labellers.one_dimensional_clusters import (
    OneDimensionalClusters as OneDimensionalClusters,
)
from acclimate.parts.labellers.pairwise import Pairwise as Pairwise
from acclimate.parts.labellers.pairwise_preference import PairwisePreference as PairwisePreference
from acclimate.parts.labellers.percentile_scale import PercentileScale as PercentileScale
from acclimate.parts.labellers.perturbation_attribution import (
    PerturbationAttribution as PerturbationAttribution,
)
from acclimate.parts.labellers.preferred import Preferred as Preferred
from acclimate.parts.labellers.question_space import QuestionSpace as QuestionSpace
from acclimate.parts.labellers.reader_attention import ReaderAttention as ReaderAttention
from acclimate.parts.labellers.reader_likelihood import ReaderLikelihood as ReaderLikelihood
from acclimate.parts.labellers.rescale import Rescale as Rescale
from acclimate.parts.labellers.retrieved_class import RetrievedClass as RetrievedClass
from acclimate.parts.labellers.score import Score as Score
from acclimate.parts.labellers.self_teacher import SelfTeacher as SelfTeacher
from acclimate.parts.labellers.source_is_relevant import SourceIsRelevant as SourceIsRelevant
from acclimate.parts.labellers.task_reward import TaskReward as TaskReward
from acclimate.parts.labellers.top_bottom import TopBottom as TopBottom
from acclimate.parts.labellers.uncertainty_weighted import (
    UncertaintyWeighted as UncertaintyWeighted,
)
from acclimate.parts.labellers.utility import Utility as Utility
from acclimate.parts.labellers.without_query import WithoutQuery as WithoutQuery
