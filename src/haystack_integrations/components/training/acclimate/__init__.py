"""Haystack components that teach an embedder a new domain from its unlabelled documents alone."""

from haystack_integrations.components.training.acclimate.adaptation_evaluator import (
    AdaptationEvaluator as AdaptationEvaluator,
)
from haystack_integrations.components.training.acclimate.cross_encoder_labeler import (
    CrossEncoderLabeler as CrossEncoderLabeler,
)
from haystack_integrations.components.training.acclimate.domain_adaptation import (
    DomainAdaptation as DomainAdaptation,
)
from haystack_integrations.components.training.acclimate.embedder_trainer import (
    EmbedderTrainer as EmbedderTrainer,
)
from haystack_integrations.components.training.acclimate.negative_miner import (
    NegativeMiner as NegativeMiner,
)
from haystack_integrations.components.training.acclimate.pseudo_label_generator import (
    PseudoLabelGenerator as PseudoLabelGenerator,
)
from haystack_integrations.components.training.acclimate.query_generator import (
    QueryGenerator as QueryGenerator,
)
from haystack_integrations.components.training.acclimate.recipe_run import RecipeRun as RecipeRun
