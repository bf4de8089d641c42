"""Filters: rows of a table that stay."""

from acclimate.parts.filters.copied_text import CopiedText as CopiedText
from acclimate.parts.filters.denoised_by_teacher import DenoisedByTeacher as DenoisedByTeacher
from acclimate.parts.filters.diverse_documents import DiverseDocuments as DiverseDocuments
from acclimate.parts.filters.document_quality import DocumentQuality as DocumentQuality
from acclimate.parts.filters.exact_duplicates import ExactDuplicates as ExactDuplicates
from acclimate.parts.filters.false_negatives import FalseNegatives as FalseNegatives
from acclimate.parts.filters.frequency import Frequency as Frequency
from acclimate.parts.filters.hold_out import HoldOut as HoldOut
from acclimate.parts.filters.judge_filter import JudgeFilter as JudgeFilter
from acclimate.parts.filters.length import Length as Length
from acclimate.parts.filters.log_prob_top_k import LogProbTopK as LogProbTopK
from acclimate.parts.filters.near_duplicates import NearDuplicates as NearDuplicates
from acclimate.parts.filters.numeric_positive import NumericPositive as NumericPositive
from acclimate.parts.filters.positive_gain import PositiveGain as PositiveGain
from acclimate.parts.filters.round_trip import RoundTrip as RoundTrip
from acclimate.parts.filters.same_parent import SameParent as SameParent
from acclimate.parts.filters.same_text import SameText as SameText
from acclimate.parts.filters.sample import Sample as Sample
from acclimate.parts.filters.sample_documents import SampleDocuments as SampleDocuments
from acclimate.parts.filters.score_percentile import ScorePercentile as ScorePercentile
from acclimate.parts.filters.substring_overlap import SubstringOverlap as SubstringOverlap
from acclimate.parts.filters.teacher_spread import TeacherSpread as TeacherSpread
from acclimate.parts.filters.teacher_top1 import TeacherTop1 as TeacherTop1
from acclimate.parts.filters.topics import Topics as Topics
from acclimate.parts.filters.without_source import WithoutSource as WithoutSource
