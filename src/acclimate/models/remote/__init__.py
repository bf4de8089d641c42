"""Language models behind an endpoint: asked in parallel, paid once, every answer kept."""

from acclimate.models.remote.allowance import Allowance as Allowance
from acclimate.models.remote.judge import Judge as Judge
from acclimate.models.remote.remote import Remote as Remote
