"""Students: how a student learns."""

from acclimate.parts.students.adapter import Adapter as Adapter
from acclimate.parts.students.dense import Dense as Dense
from acclimate.parts.students.query_side import QuerySide as QuerySide
