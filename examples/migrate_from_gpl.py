"""Train on the files of a UKPLab/gpl run, without writing, mining or labelling anything again.

python examples/migrate_from_gpl.py generated/fiqa model/ [hub name or folder of a model] [steps]
"""

import sys
from pathlib import Path

from acclimate import Context, Dense, Student
from acclimate.engines.local import Local
from acclimate.parts import loops, losses
from acclimate.tables import read_gpl


def main(generated: str, out: str, model: str = "all-MiniLM-L6-v2", steps: str = "200") -> None:
    """Its labels, our training."""
    files = read_gpl(generated)
    print(files)
    fit = loops.Fit(loss=losses.MarginMSE(), steps=int(steps), batch=16)
    student = fit(
        corpus=files.corpus,
        queries=files.queries,
        labels=files.labels,
        student=Student(encoder=Dense(model)),
        ctx=Context(engine=Local(), folder=Path(out)),
    )
    print(student.encoder.model)


if __name__ == "__main__":
    main(*sys.argv[1:])
