"""Losses: pure functions of student scores, teacher targets and a mask."""

from acclimate.parts.losses.info_nce import InfoNCE as InfoNCE
from acclimate.parts.losses.kl_divergence import KLDivergence as KLDivergence
from acclimate.parts.losses.margin_mse import MarginMSE as MarginMSE
