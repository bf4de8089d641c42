"""RecipeRun: any recipe of acclimate over Haystack's documents."""

from __future__ import annotations

import asyncio
from typing import Any

from haystack import Document, component
from haystack.utils import Secret

import acclimate
from acclimate.errors import RecipeError, near_miss
from acclimate.models.weights import find
from acclimate.pipeline.finding import find_maker, make, recipe_names
from haystack_integrations.components.training.acclimate import _rows
from haystack_integrations.components.training.acclimate._settings import Saved
from haystack_integrations.components.training.acclimate._warm import HUB


@component
class RecipeRun(Saved):
    """`acclimate.adapt`: plans for a number of minutes, keeps every step, proves its outcome.

    The default recipe needs no other model than the one it adapts. A run that was stopped goes on
    where it was when it is run again with the same documents.

    Usage example:
    ```python
    adapted = RecipeRun("all-MiniLM-L6-v2", "run", minutes=10).run(documents=documents)
    embedder = SentenceTransformersTextEmbedder(model=adapted["model_path"])
    ```
    """

    def __init__(
        self,
        model: str,
        run_dir: str,
        *,
        recipe: str = "default",
        recipe_settings: dict[str, Any] | None = None,
        minutes: float | None = None,
        meta_fields_to_embed: list[str] | None = None,
        seed: int = 0,
        token: Secret | None = HUB,
    ) -> None:
        """Keep the settings; nothing is loaded.

        Args:
            model: the model to adapt: hub name or folder.
            run_dir: the run folder.
            recipe: the name of a recipe.
            recipe_settings: its keyword arguments; then `minutes` cannot size it.
            minutes: what the run may take; None: the recipe's own sizes.
            meta_fields_to_embed: read before the content, as the embedders do.
            seed: every random choice comes from it.
            token: of the model hub.
        """
        self.model = model
        self.run_dir = run_dir
        self.recipe = recipe
        self.recipe_settings = recipe_settings
        self.minutes = minutes
        self.meta_fields_to_embed = meta_fields_to_embed
        self.seed = seed
        self.token = token
        # A file's function is code: a saved pipeline must not bring any.
        if recipe not in recipe_names():
            raise RecipeError(f"There is no recipe {recipe!r}.{near_miss(recipe, recipe_names())}")
        if recipe_settings and minutes is not None:
            raise RecipeError("Give recipe_settings or minutes: minutes size the recipe.")
        self._warm = False

    def warm_up(self) -> None:
        """Find the model, or refuse before anything is computed; once."""
        if not self._warm:
            find(self.model, token=self.token.resolve_value() if self.token else None)
            self._warm = True

    @component.output_types(model_path=str, adapted=bool, verdict=dict[str, Any], report=str)
    def run(self, documents: list[Document]) -> dict[str, Any]:
        """Adapt the model to the documents.

        Args:
            documents: of the new domain; those without text are left out.

        Returns:
            `model_path`: the model to use; `adapted`: whether it differs from the base;
            `verdict`: what was proved; `report`: path of the HTML report.
        """
        self.warm_up()
        texts = _rows.texts_of(documents, self.meta_fields_to_embed or ())
        recipe: Any = self.recipe
        if self.recipe_settings:
            recipe = make(find_maker(self.recipe), self.recipe_settings)
        outcome = acclimate.adapt(
            recipe,
            _rows.corpus_of(texts.items()),
            self.model,
            out=self.run_dir,
            seed=self.seed,
            minutes=self.minutes,
        )
        return {
            "model_path": str(outcome.model),
            "adapted": outcome.adapted,
            "verdict": outcome.verdict,
            "report": str(outcome.report),
        }

    @component.output_types(model_path=str, adapted=bool, verdict=dict[str, Any], report=str)
    async def run_async(self, documents: list[Document]) -> dict[str, Any]:
        """`run` in a thread, so that the event loop goes on."""
        return await asyncio.to_thread(self.run, documents=documents)
