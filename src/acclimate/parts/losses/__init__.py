"""Losses: pure functions of student scores, teacher targets and a mask."""

from acclimate.parts.losses.adversarial_reward import AdversarialReward as AdversarialReward
from acclimate.parts.losses.dpo import DPO as DPO
from acclimate.parts.losses.generalized_ce import GeneralizedCE as GeneralizedCE
from acclimate.parts.losses.grpo import GRPO as GRPO
from acclimate.parts.losses.info_nce import InfoNCE as InfoNCE
from acclimate.parts.losses.kl_divergence import KLDivergence as KLDivergence
from acclimate.parts.losses.lambda_mrr import LambdaMRR as LambdaMRR
from acclimate.parts.losses.lambda_rank import LambdaRank as LambdaRank
from acclimate.parts.losses.lambda_rank_hinge import LambdaRankHinge as LambdaRankHinge
from acclimate.parts.losses.list_net import ListNet as ListNet
from acclimate.parts.losses.margin_mse import MarginMSE as MarginMSE
from acclimate.parts.losses.marginal_likelihood import MarginalLikelihood as MarginalLikelihood
from acclimate.parts.losses.pairwise_bce import PairwiseBCE as PairwiseBCE
from acclimate.parts.losses.pairwise_logistic import PairwiseLogistic as PairwiseLogistic
from acclimate.parts.losses.pairwise_softplus import PairwiseSoftplus as PairwiseSoftplus
from acclimate.parts.losses.pointwise_mse import PointwiseMSE as PointwiseMSE
from acclimate.parts.losses.policy_gradient import PolicyGradient as PolicyGradient
from acclimate.parts.losses.ppo import PPO as PPO
from acclimate.parts.losses.propensity_weighted import PropensityWeighted as PropensityWeighted
from acclimate.parts.losses.renyi_bound import RenyiBound as RenyiBound
from acclimate.parts.losses.sequential_listwise import SequentialListwise as SequentialListwise
from acclimate.parts.losses.symmetric_ce import SymmetricCE as SymmetricCE
from acclimate.parts.losses.true_false import TrueFalse as TrueFalse
from acclimate.parts.losses.weighted_nll import WeightedNLL as WeightedNLL
