"""Dense encoders."""

from acclimate.models.encoders.dense import Dense as Dense
