"""Toys: twelve documents on one screen, and questions whose answers one knows by reading them.

Four topics of three documents each. The documents of a topic share words, so that a search has
something to get wrong; each question has one answer, or two.

Example:
    >>> from acclimate.testing import toys
    >>> len(toys.CORPUS), len(toys.QUERIES), len(toys.QRELS), len(toys.WRITTEN)
    (12, 6, 7, 12)
"""

from pathlib import Path

from acclimate.tables import Corpus, LogFile, Qrels, Queries

_DOCUMENTS = """
bees     | Bees               | Bees visit flowers to gather nectar. They turn the nectar into honey and keep it in wax cells for the winter.
compost  | Compost            | Compost is made of kitchen scraps and dry leaves. Turn the heap every week so that air reaches the middle.
tomatoes | Growing tomatoes   | Tomatoes need six hours of sun a day. Water the roots, not the leaves, or the plants will rot.
brakes   | Bicycle brakes     | Rim brakes press two rubber pads on the wheel. Replace the pads when the grooves in the rubber are gone.
chain    | Bicycle chain      | A dry chain squeaks and wears the teeth of the gears. Wipe the chain, then put one drop of oil on each link.
puncture | Mending a puncture | Take the tyre off the wheel and find the hole in water. Glue a patch on the tube and wait five minutes.
bread    | Sourdough bread    | A sourdough starter is flour and water full of wild yeast. Feed the starter every day and keep it warm.
rice     | Boiled rice        | Rinse the rice until the water is clear. Boil one cup of rice in two cups of water, covered, without stirring.
yoghurt  | Yoghurt            | Warm milk and a spoon of old yoghurt make new yoghurt overnight. Keep the jar warm and do not stir it.
moon     | The moon           | The moon turns once while it goes around the earth. That is why we always see the same side of it.
tides    | Tides              | The moon pulls the sea toward itself. The water rises twice a day, and highest when the sun pulls along.
comets   | Comets             | A comet is a ball of ice and dust. Near the sun the ice turns to gas and makes the tail.
"""  # noqa: E501

_QUERIES = """
q1 | why does my bicycle squeak              | chain
q2 | how do bees make honey                  | bees
q3 | what causes the tide                    | tides moon
q4 | when must rubber brake pads be replaced | brakes
q5 | how much water for a cup of rice        | rice
q6 | why do we see one side of the moon      | moon
"""


def _cells(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]


_ANSWERS = {row[0]: row[2].split() for row in _cells(_QUERIES)}

CORPUS = Corpus.of(
    {"doc_id": doc_id, "title": title, "text": text} for doc_id, title, text in _cells(_DOCUMENTS)
)
"""Twelve documents of two sentences, with titles."""

QUERIES = Queries.of(
    {"query_id": query_id, "text": text, "kind": "human", "split": "heldout"}
    for query_id, text, _ in _cells(_QUERIES)
)
"""Six questions as people ask them, held out."""

QRELS = Qrels.of(
    {"query_id": query_id, "doc_id": doc_id, "grade": 2 if row == 0 else 1}
    for query_id, answers in _ANSWERS.items()
    for row, doc_id in enumerate(answers)
)
"""Which documents answer them: grade 2, and 1 for the one that only helps."""

WRITTEN = Queries.of(
    {
        "query_id": f"w-{doc_id}",
        "text": text.split(".")[0].lower(),
        "source_doc_id": doc_id,
        "log_prob": -1.0,
        "kind": "sentence",
        "split": "train",
    }
    for doc_id, _, text in _cells(_DOCUMENTS)
)
"""A training query for each document: its first sentence in small letters."""

CLICKS = LogFile(str(Path(__file__).with_name("clicks.tsv")))
"""A log: what people asked, which document they clicked, and how often."""

ANSWERS = LogFile(str(Path(__file__).with_name("answers.tsv")))
"""Questions with answers that stand in the documents, as a list of questions has them."""
