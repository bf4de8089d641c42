"""Sources: where the training pairs come from, and whether a bundled model may learn from them.

A source is left out where its licence says research only or forbids passing on what was derived
from it, where its owner states none for texts that are other people's, or where the models do not
know its language. What is left out is written here and in every model card.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Source:
    """One data set inside the training pairs.

    Args:
        name: of the data set, for the attribution.
        owner: who made it.
        licence: as its owner states it.
        place: where it is published.
        pool: sources of one pool have texts of a like kind; a question's other documents are
            looked for in its own pool, so that no document is told by its length or style alone.
        left_out: why no model learns from it; empty: it is used.
    """

    name: str
    owner: str
    licence: str
    place: str
    pool: str = "wikipedia"
    left_out: str = ""


_NQ = "Kwiatkowski et al., Google Research"
_LANGUAGE = "not in English, and the models start from an English one"

SOURCES = {
    "natural-questions": Source(
        name="Natural Questions (open, with gold passages)",
        owner=f"{_NQ}; Liu et al., Lost in the Middle",
        licence="CC BY-SA 3.0",
        place="https://github.com/nelson-liu/lost-in-the-middle",
    ),
    "qed-nq": Source(
        name="QED",
        owner="Lamm et al., Google Research; questions of Natural Questions",
        licence="CC BY-SA 3.0",
        place="https://github.com/google-research-datasets/QED",
    ),
    "multispanqa-nq": Source(
        name="MultiSpanQA",
        owner="Li et al.; questions of Natural Questions",
        licence="CC BY-SA 3.0 (that of Natural Questions; none stated for the selection)",
        place="https://github.com/haonan-li/MultiSpanQA",
    ),
    "clapnq": Source(
        name="CLAPnq",
        owner="Rosenthal et al., IBM Research; questions of Natural Questions",
        licence="Apache-2.0",
        place="https://github.com/primeqa/clapnq",
    ),
    "boolq": Source(
        name="BoolQ",
        owner="Clark et al., Google Research",
        licence="CC BY-SA 3.0",
        place="https://github.com/google-research-datasets/boolean-questions",
    ),
    "squadshifts-new-wiki": Source(
        name="SQuADShifts, new Wikipedia",
        owner="Miller et al.; texts of Wikipedia",
        licence="CC BY 4.0 (the data set's paper; texts CC BY-SA 3.0)",
        place="https://github.com/modestyachts/squadshifts-website",
    ),
    **{
        f"squad-nqg-{part}": Source(
            name="SQuAD 1.1 sentences (neural question generation)",
            owner="Rajpurkar et al.; sentences: Du, Shao, Cardie",
            licence="CC BY-SA 4.0",
            place="https://github.com/xinyadu/nqg",
            pool="sentences",
        )
        for part in ("dev", "test")
    },
    **{
        f"fairytaleqa-{part}": Source(
            name="FairytaleQA",
            owner="Xu et al.; texts in the public domain",
            licence="Apache-2.0",
            place="https://github.com/uci-soe/FairytaleQAData",
            pool="stories",
        )
        for part in ("train", "val", "test")
    },
    "wikiqa-sentence": Source(
        name="WikiQA",
        owner="Yang, Yih, Meek, Microsoft Research",
        licence="Microsoft Research licence",
        place="https://github.com/castorini/data",
        left_out="its licence says research only",
    ),
    **{
        f"squadshifts-{part}": Source(
            name=f"SQuADShifts, {part.capitalize()}",
            owner=f"Miller et al.; texts by users of {part.capitalize()}",
            licence="CC BY 4.0 for the questions by the data set's paper; none for the texts",
            place="https://github.com/modestyachts/squadshifts-website",
            left_out="texts by users who gave no licence; most questions make no sense without "
            "their text",
        )
        for part in ("amazon", "reddit")
    },
    "train-jaquad": Source(
        name="JaQuAD",
        owner="So et al., Skelter Labs",
        licence="CC BY-SA 3.0",
        place="https://github.com/SkelterLabsInc/JaQuAD",
        left_out=_LANGUAGE,
    ),
    "cmrc2018-zh": Source(
        name="CMRC 2018",
        owner="Cui et al.",
        licence="CC BY-SA 4.0",
        place="https://github.com/ymcui/cmrc2018",
        left_out=_LANGUAGE,
    ),
    "arcd-ar": Source(
        name="ARCD",
        owner="Mozannar et al.",
        licence="MIT; texts CC BY-SA",
        place="https://github.com/husseinmozannar/SOQAL",
        left_out=_LANGUAGE,
    ),
    "persianqa-fa": Source(
        name="PersianQA",
        owner="Ayoubi et al.",
        licence="GPL-3.0, doubtful for data",
        place="https://github.com/sajjjadayobi/PersianQA",
        left_out=_LANGUAGE,
    ),
}
"""By what rows say in `source`; rows that say nothing have the name of their folder."""
