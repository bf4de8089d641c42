"""The demo: adapt MiniLM to the API documentation of numpy, scipy and scikit-learn.

python examples/demo.py [folder]

A document is a docstring without its summary line. The summary lines, as their authors wrote them,
judge the result: people's words whose answer is known. They are shown beside and never train.
"""

import sys
from pathlib import Path

from acclimate.faces.cli.main import app
from acclimate.testing import api_docs


def main(folder: str = ".demo") -> None:
    """Write the collection, then run the command a user would run on it."""
    collection = Path(folder) / "collection"
    documents, summaries = api_docs.write(collection)
    print(f"{documents:,} documents; {summaries:,} summaries of their authors to judge by\n")
    command = ["adapt", str(collection), "--qrels", str(collection / "qrels" / "test.tsv")]
    command += ["--out", str(Path(folder) / "run"), "--cut"]
    command += ["--with", "queries=3000", "--with", "steps=64"]  # ten minutes, setting up included
    print("acclimate", *command, "\n")
    app(command)


if __name__ == "__main__":
    main(*sys.argv[1:])
