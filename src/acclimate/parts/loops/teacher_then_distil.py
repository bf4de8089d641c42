"""TeacherThenDistil: a teacher learns from the labels, and the student from the teacher."""

from __future__ import annotations

from dataclasses import dataclass, replace

from acclimate.models.student import Model, Shape, Student
from acclimate.parts.loops._stages import check_trainers, labels_by, trained
from acclimate.parts.part import Context, Trainer
from acclimate.tables import Candidates, Corpus, Labels, Queries


@dataclass(frozen=True, kw_only=True)
class TeacherThenDistil:
    """Trains a teacher on the labels, lets it score all candidates, and distils that.

    Labels are often few or coarse: a source, a language model's best and worst, votes. A model
    that reads query and document together makes more of them than one that compares vectors, and
    then values every candidate. Both trainings and all scores are found again after a crash.

    In `loops.Rounds` candidates come from the student as it is; with `goes_on` the teacher goes on
    from where the round before left it, so that each learns on what the other made hard: first the
    ranker on what the retriever finds, then the retriever against the ranker.

    Rows: [018], [081].

    Paper:   Wang, Yang, Wei, LLM-R: Learning to Retrieve In-Context Examples for Large Language
             Models, EACL 2024, section 3. https://arxiv.org/abs/2307.07164; a ranker that then
             distils a retriever: Zhou et al., R2anker, 2022. https://arxiv.org/abs/2206.08063;
             in turns: Zhang, Gong, Shen, Lv, Duan, Chen, Adversarial Retriever-Ranker for Dense
             Text Retrieval, ICLR 2022. https://arxiv.org/abs/2110.03611
    Code:    microsoft/LMOps, llm_retriever; microsoft/AR2.
    Differs: what the teacher begins with is a setting (LLM-R: ELECTRA-base, AR2: ERNIE); a turn
             begins with a new optimiser, and the teacher's scores of a turn are those at its
             end, where AR2 asks its ranker at every step.
    Cost:    its two loops, and one teacher call per candidate.

    Args:
        teaching: how the teacher learns from the labels.
        loop: how the student learns from the teacher's scores.
        shape: how the teacher learns: `students.Reranker()` makes a cross-encoder of it. None: as
            it is, all weights.
        base: what the teacher starts from. None: the weights the student started from.
        goes_on: whether a teacher that is beside the student already learns further.

    Returns:
        The student, with its teacher beside it.
    """

    teaching: Trainer
    loop: Trainer
    shape: Shape | None = None
    base: Model | None = None
    goes_on: bool = False

    def __post_init__(self) -> None:
        """Refuse loops that do not train."""
        check_trainers(self, (self.teaching, self.loop))

    def __call__(
        self,
        corpus: Corpus,
        queries: Queries,
        candidates: Candidates,
        labels: Labels,
        student: Student,
        ctx: Context,
    ) -> Student:
        """Train the one, then the other."""
        before = Student(encoder=self.base or student.start, shape=self.shape)
        if self.goes_on and student.beside is not None:
            before = before.trained(student.beside)
        teacher = trained(self.teaching, (corpus, queries, labels), before, ctx, folder="teacher")
        name = f"teacher {teacher.encoder.fingerprint()}"
        told = labels_by(teacher.encoder, name, (corpus, queries, candidates), ctx)
        ctx.note("labels", {"that taught the teacher": len(labels), "of the teacher": len(told)})
        after = trained(self.loop, (corpus, queries, told), student, ctx, folder="student")
        return replace(after, beside=teacher.encoder)
