"""Generators: documents in, queries out."""

from acclimate.parts.generators.adjacent_spans import AdjacentSpans as AdjacentSpans
from acclimate.parts.generators.answer_pairs import AnswerPairs as AnswerPairs
from acclimate.parts.generators.beside import Beside as Beside
from acclimate.parts.generators.class_descriptions import ClassDescriptions as ClassDescriptions
from acclimate.parts.generators.click_log import ClickLog as ClickLog
from acclimate.parts.generators.code_transforms import CodeTransforms as CodeTransforms
from acclimate.parts.generators.completion_tasks import CompletionTasks as CompletionTasks
from acclimate.parts.generators.conversation_turns import ConversationTurns as ConversationTurns
from acclimate.parts.generators.dataset_transform import DatasetTransform as DatasetTransform
from acclimate.parts.generators.doc_to_query import DocToQuery as DocToQuery
from acclimate.parts.generators.drafted import Drafted as Drafted
from acclimate.parts.generators.dropout_pairs import DropoutPairs as DropoutPairs
from acclimate.parts.generators.few_shot import FewShot as FewShot
from acclimate.parts.generators.fragments import Fragments as Fragments
from acclimate.parts.generators.glossary import Glossary as Glossary
from acclimate.parts.generators.graph_chains import GraphChains as GraphChains
from acclimate.parts.generators.hard_negative_queries import (
    HardNegativeQueries as HardNegativeQueries,
)
from acclimate.parts.generators.input_noise import InputNoise as InputNoise
from acclimate.parts.generators.instructions import Instructions as Instructions
from acclimate.parts.generators.inverse_cloze import InverseCloze as InverseCloze
from acclimate.parts.generators.lead_sentences import LeadSentences as LeadSentences
from acclimate.parts.generators.like_log import LikeLog as LikeLog
from acclimate.parts.generators.mixed import Mixed as Mixed
from acclimate.parts.generators.next_chunk import NextChunk as NextChunk
from acclimate.parts.generators.of_documents import OfDocuments as OfDocuments
from acclimate.parts.generators.of_training_documents import (
    OfTrainingDocuments as OfTrainingDocuments,
)
from acclimate.parts.generators.paraphrases import Paraphrases as Paraphrases
from acclimate.parts.generators.query_kinds import QueryKinds as QueryKinds
from acclimate.parts.generators.query_log import QueryLog as QueryLog
from acclimate.parts.generators.question_answer import QuestionAnswer as QuestionAnswer
from acclimate.parts.generators.random_crops import RandomCrops as RandomCrops
from acclimate.parts.generators.reasoning_queries import ReasoningQueries as ReasoningQueries
from acclimate.parts.generators.record_templates import RecordTemplates as RecordTemplates
from acclimate.parts.generators.recurring_spans import RecurringSpans as RecurringSpans
from acclimate.parts.generators.salient_span_masks import SalientSpanMasks as SalientSpanMasks
from acclimate.parts.generators.salient_terms import SalientTerms as SalientTerms
from acclimate.parts.generators.same_document_spans import SameDocumentSpans as SameDocumentSpans
from acclimate.parts.generators.sentence_reconstruction import (
    SentenceReconstruction as SentenceReconstruction,
)
from acclimate.parts.generators.shared_context import SharedContext as SharedContext
from acclimate.parts.generators.single_attribute_edits import (
    SingleAttributeEdits as SingleAttributeEdits,
)
from acclimate.parts.generators.span_questions import SpanQuestions as SpanQuestions
from acclimate.parts.generators.structure_pairs import StructurePairs as StructurePairs
from acclimate.parts.generators.summarize_then_ask import SummarizeThenAsk as SummarizeThenAsk
from acclimate.parts.generators.task_instruction import TaskInstruction as TaskInstruction
from acclimate.parts.generators.titles import Titles as Titles
from acclimate.parts.generators.topic_shift import TopicShift as TopicShift
from acclimate.parts.generators.trajectories import Trajectories as Trajectories
