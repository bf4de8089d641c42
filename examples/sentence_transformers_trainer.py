"""A run's labels and a loss of acclimate in the trainer of sentence-transformers.

python examples/sentence_transformers_trainer.py run/ model/ [base model] [steps]
"""

import sys
from pathlib import Path

from sentence_transformers import (
    SentenceTransformer,
    SentenceTransformerTrainer,
    SentenceTransformerTrainingArguments,
)

from acclimate import Corpus, Dense, Labels, Queries, to_dataset
from acclimate.faces.trainer_loss import TrainerLoss
from acclimate.parts import losses


def main(run: str, out: str, model: str = "all-MiniLM-L6-v2", steps: str = "200") -> None:
    """Each row is a query, its document, three others, and the teacher's values of the four."""
    tables = Path(run) / "tables"
    labels, queries = Labels.open(tables / "labels.arrow"), Queries.open(tables / "queries.arrow")
    corpus = Corpus.open(tables / "corpus.arrow")
    rows = to_dataset(labels, queries, corpus, loss="DistillKLDivLoss", negatives=3)
    print(rows)
    student: SentenceTransformer = Dense(model).load()
    arguments = SentenceTransformerTrainingArguments(
        out, max_steps=int(steps), report_to="none", dataloader_pin_memory=False
    )
    loss = TrainerLoss(student, losses.KLDivergence())
    SentenceTransformerTrainer(model=student, args=arguments, train_dataset=rows, loss=loss).train()
    student.save_pretrained(out)


if __name__ == "__main__":
    main(*sys.argv[1:])
