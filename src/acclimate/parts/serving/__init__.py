"""Serving: the student as files that other programs load."""

from acclimate.parts.serving.model_folder import ModelFolder as ModelFolder
