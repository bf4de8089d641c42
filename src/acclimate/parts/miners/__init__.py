"""Miners: queries and documents in, candidates out."""

from acclimate.parts.miners.adaptive_expansion import AdaptiveExpansion as AdaptiveExpansion
from acclimate.parts.miners.balanced_margin import BalancedMargin as BalancedMargin
from acclimate.parts.miners.bm25 import BM25 as BM25
from acclimate.parts.miners.chunk_neighbours import ChunkNeighbours as ChunkNeighbours
from acclimate.parts.miners.coverage_greedy import CoverageGreedy as CoverageGreedy
from acclimate.parts.miners.dense_search import DenseSearch as DenseSearch
from acclimate.parts.miners.entity_neighbours import EntityNeighbours as EntityNeighbours
from acclimate.parts.miners.filtered import Filtered as Filtered
from acclimate.parts.miners.graph_neighbours import GraphNeighbours as GraphNeighbours
from acclimate.parts.miners.lookahead import Lookahead as Lookahead
from acclimate.parts.miners.mixture import Mixture as Mixture
from acclimate.parts.miners.momentum import Momentum as Momentum
from acclimate.parts.miners.multi_hop import MultiHop as MultiHop
from acclimate.parts.miners.number_aware import NumberAware as NumberAware
from acclimate.parts.miners.positive_aware import PositiveAware as PositiveAware
from acclimate.parts.miners.priority_sampler import PrioritySampler as PrioritySampler
from acclimate.parts.miners.progressive import Progressive as Progressive
from acclimate.parts.miners.random_documents import RandomDocuments as RandomDocuments
from acclimate.parts.miners.rank_window import RankWindow as RankWindow
from acclimate.parts.miners.retriever_distribution import (
    RetrieverDistribution as RetrieverDistribution,
)
from acclimate.parts.miners.same_document import SameDocument as SameDocument
from acclimate.parts.miners.sim_ans import SimANS as SimANS
from acclimate.parts.miners.step_by_step import StepByStep as StepByStep
from acclimate.parts.miners.topical import Topical as Topical
from acclimate.parts.miners.union import Union as Union
from acclimate.parts.miners.usage_diversity import UsageDiversity as UsageDiversity
from acclimate.parts.miners.with_student import WithStudent as WithStudent
from acclimate.parts.miners.without_query import WithoutQuery as WithoutQuery
