"""Generators: documents in, queries out."""

from acclimate.parts.generators.doc_to_query import DocToQuery as DocToQuery
from acclimate.parts.generators.few_shot import FewShot as FewShot
from acclimate.parts.generators.fragments import Fragments as Fragments
from acclimate.parts.generators.inverse_cloze import InverseCloze as InverseCloze
from acclimate.parts.generators.lead_sentences import LeadSentences as LeadSentences
from acclimate.parts.generators.like_log import LikeLog as LikeLog
from acclimate.parts.generators.mixed import Mixed as Mixed
from acclimate.parts.generators.query_kinds import QueryKinds as QueryKinds
from acclimate.parts.generators.salient_terms import SalientTerms as SalientTerms
from acclimate.parts.generators.span_questions import SpanQuestions as SpanQuestions
from acclimate.parts.generators.titles import Titles as Titles
