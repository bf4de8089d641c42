"""Ask the base and the adapted model the same question.

python examples/search_before_after.py documents/ base-model adapted-model "a question"
"""

import sys

import acclimate
from acclimate.engines.local import Local
from acclimate.models.encoders.dense import Dense
from acclimate.models.indexes.flat import Flat


def main(documents: str, base: str, adapted: str, question: str) -> None:
    """Print the first five documents of each."""
    corpus = acclimate.Corpus.read(documents)
    names = corpus["doc_id"]
    for title, model in (("base", base), ("adapted", adapted)):
        hits = Local().search(Flat(encoder=Dense(model)), corpus.contents, [question], depth=5)
        print(title)
        for position, score in zip(hits.positions[0], hits.scores[0], strict=True):
            if position >= 0:
                print(f"  {score:.3f}  {names[position]}")


if __name__ == "__main__":
    main(*sys.argv[1:])
