"""Prompts: what language models are asked, as files with a version and a hash."""

from acclimate.models.prompts.fencing import fence as fence
from acclimate.models.prompts.fencing import gives_orders as gives_orders
from acclimate.models.prompts.prompt import Form as Form
from acclimate.models.prompts.prompt import Prompt as Prompt
from acclimate.models.prompts.prompt import load as load
