"""Adapt a model to your documents, from Python.

python examples/adapt.py documents/ run/ [hub name or folder of a model] [minutes]
"""

import sys

import acclimate


def main(documents: str, out: str, student: str = "all-MiniLM-L6-v2", minutes: str = "5") -> None:
    """Adapt and say what came of it."""
    corpus = acclimate.Corpus.read(documents)
    print(corpus.intake)
    outcome = acclimate.adapt("default", corpus, student, out=out, minutes=float(minutes))
    print(outcome)
    print(f"model:  {outcome.model}")
    print(f"report: {outcome.report}")


if __name__ == "__main__":
    main(*sys.argv[1:])
