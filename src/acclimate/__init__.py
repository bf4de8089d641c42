"""acclimate: teach a retriever a new domain from its unlabelled documents alone.

Example:
    >>> import acclimate
    >>> outcome = acclimate.adapt("default", "docs/", "all-MiniLM-L6-v2", out="run/")  # doctest: +SKIP
    >>> model = outcome.encoder.load()  # doctest: +SKIP
"""  # noqa: E501

from acclimate.errors import AcclimateError as AcclimateError
from acclimate.errors import MissingExtraError as MissingExtraError
from acclimate.errors import ModelError as ModelError
from acclimate.errors import RecipeError as RecipeError
from acclimate.errors import ServiceError as ServiceError
from acclimate.errors import StoreError as StoreError
from acclimate.errors import TableError as TableError
from acclimate.models.encoders.dense import Dense as Dense
from acclimate.models.student import Student as Student
from acclimate.parts.part import Context as Context
from acclimate.pipeline.outcome import Outcome as Outcome
from acclimate.pipeline.run import adapt as adapt
from acclimate.recipes.recipe import Recipe as Recipe
from acclimate.tables import Candidates as Candidates
from acclimate.tables import Corpus as Corpus
from acclimate.tables import Labels as Labels
from acclimate.tables import Qrels as Qrels
from acclimate.tables import Queries as Queries
from acclimate.tables import Scores as Scores
from acclimate.tables import to_dataset as to_dataset

__version__ = "0.1.0"
