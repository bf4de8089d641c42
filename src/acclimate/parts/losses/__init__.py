"""Losses: pure functions of student scores, teacher targets and a mask."""

from acclimate.parts.losses.adversarial_reward import AdversarialReward as AdversarialReward
from acclimate.parts.losses.condenser import Condenser as Condenser
from acclimate.parts.losses.corpus_contrastive import CorpusContrastive as CorpusContrastive
from acclimate.parts.losses.dpo import DPO as DPO
from acclimate.parts.losses.embedding_distillation import (
    EmbeddingDistillation as EmbeddingDistillation,
)
from acclimate.parts.losses.flops import Flops as Flops
from acclimate.parts.losses.full_contrastive import FullContrastive as FullContrastive
from acclimate.parts.losses.gaussian_wasserstein import GaussianWasserstein as GaussianWasserstein
from acclimate.parts.losses.generalized_ce import GeneralizedCE as GeneralizedCE
from acclimate.parts.losses.grpo import GRPO as GRPO
from acclimate.parts.losses.in_batch_margin_mse import InBatchMarginMSE as InBatchMarginMSE
from acclimate.parts.losses.info_nce import InfoNCE as InfoNCE
from acclimate.parts.losses.kl_divergence import KLDivergence as KLDivergence
from acclimate.parts.losses.l1 import L1 as L1
from acclimate.parts.losses.lambda_mrr import LambdaMRR as LambdaMRR
from acclimate.parts.losses.lambda_rank import LambdaRank as LambdaRank
from acclimate.parts.losses.lambda_rank_hinge import LambdaRankHinge as LambdaRankHinge
from acclimate.parts.losses.list_net import ListNet as ListNet
from acclimate.parts.losses.list_softmax_ce import ListSoftmaxCE as ListSoftmaxCE
from acclimate.parts.losses.mann_whitney import MannWhitney as MannWhitney
from acclimate.parts.losses.margin_mse import MarginMSE as MarginMSE
from acclimate.parts.losses.marginal_likelihood import MarginalLikelihood as MarginalLikelihood
from acclimate.parts.losses.masked_lm import MaskedLM as MaskedLM
from acclimate.parts.losses.matryoshka import Matryoshka as Matryoshka
from acclimate.parts.losses.multi_positive_info_nce import (
    MultiPositiveInfoNCE as MultiPositiveInfoNCE,
)
from acclimate.parts.losses.multi_task import MultiTask as MultiTask
from acclimate.parts.losses.pairwise_bce import PairwiseBCE as PairwiseBCE
from acclimate.parts.losses.pairwise_ce import PairwiseCE as PairwiseCE
from acclimate.parts.losses.pairwise_logistic import PairwiseLogistic as PairwiseLogistic
from acclimate.parts.losses.pairwise_softplus import PairwiseSoftplus as PairwiseSoftplus
from acclimate.parts.losses.partial_plackett_luce import PartialPlackettLuce as PartialPlackettLuce
from acclimate.parts.losses.pointwise_mse import PointwiseMSE as PointwiseMSE
from acclimate.parts.losses.policy_gradient import PolicyGradient as PolicyGradient
from acclimate.parts.losses.ppo import PPO as PPO
from acclimate.parts.losses.propensity_weighted import PropensityWeighted as PropensityWeighted
from acclimate.parts.losses.quadratic_warmup import QuadraticWarmup as QuadraticWarmup
from acclimate.parts.losses.query_side_contrastive import (
    QuerySideContrastive as QuerySideContrastive,
)
from acclimate.parts.losses.renyi_bound import RenyiBound as RenyiBound
from acclimate.parts.losses.reweighted_info_nce import ReweightedInfoNCE as ReweightedInfoNCE
from acclimate.parts.losses.sampled_kl import SampledKL as SampledKL
from acclimate.parts.losses.sampled_softmax import SampledSoftmax as SampledSoftmax
from acclimate.parts.losses.scale_calibrated_kl import ScaleCalibratedKL as ScaleCalibratedKL
from acclimate.parts.losses.segment_norm import SegmentNorm as SegmentNorm
from acclimate.parts.losses.sequential_listwise import SequentialListwise as SequentialListwise
from acclimate.parts.losses.summed_similarity import SummedSimilarity as SummedSimilarity
from acclimate.parts.losses.symmetric_ce import SymmetricCE as SymmetricCE
from acclimate.parts.losses.symmetric_info_nce import SymmetricInfoNCE as SymmetricInfoNCE
from acclimate.parts.losses.true_false import TrueFalse as TrueFalse
from acclimate.parts.losses.weighted_nll import WeightedNLL as WeightedNLL
from acclimate.parts.losses.weighted_sum import WeightedSum as WeightedSum
