"""Answering: the words of a document that answer a question, and whether any do. [082]"""

import numpy as np
import pytest
import torch

from acclimate.engines.local import Local
from acclimate.errors import ModelError
from acclimate.models.readers import Answering, Extractive
from acclimate.models.readers.answering import asked
from acclimate.testing.tiny import TEXTS, tiny_reader

pytestmark = pytest.mark.integration

QUERY = "how often is\nthe filter cleaned"


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Extractive:
    return tiny_reader(tmp_path_factory.mktemp("reader"), head="span")


@pytest.mark.parametrize("document", TEXTS[:4])
def test_the_answer_is_the_best_span_in_the_documents_own_words(
    reader: Extractive, document: str
) -> None:
    """By looking at all spans: the one of the highest sum, and its odds against the first token."""
    opened = reader.open("cpu")
    told = opened.tokenizer(
        " ".join(QUERY.split()), document, return_tensors="pt", return_offsets_mapping=True
    )
    places = told.pop("offset_mapping")[0].tolist()
    with torch.inference_mode():
        found = opened.model(**told)
    first, last = found.start_logits[0].numpy(), found.end_logits[0].numpy()
    own = [place for place, part in enumerate(told.sequence_ids(0)) if part == 1]
    above, begin, end = max(
        (first[i] + last[j] - first[0] - last[0], i, j) for i in own for j in own if i <= j < i + 30
    )
    ((answer,),) = Answering(reader).open("cpu").write([asked(QUERY, document)], count=1, seed=0)
    assert answer.text == document[places[begin][0] : places[end][1]] != ""
    assert np.exp(answer.log_prob or 0) == pytest.approx(1 / (1 + np.exp(-above)), rel=1e-4)


def test_pairs_of_one_batch_do_not_change_each_other(reader: Extractive) -> None:
    opened = Answering(reader).open("cpu")
    prompts = [asked(QUERY, text) for text in TEXTS[:5]]
    alone = [opened.write([prompt], count=1, seed=0)[0][0] for prompt in prompts]
    together = [one for (one,) in opened.write(prompts, count=1, seed=0)]
    assert [a.text for a in alone] == [b.text for b in together]
    assert [a.log_prob for a in alone] == pytest.approx([b.log_prob for b in together], abs=1e-4)


def test_the_engine_reads_each_pair_once(reader: Extractive, tmp_path) -> None:
    engine = Local(device="cpu", folder=tmp_path)
    prompts = [asked(QUERY, text) for text in TEXTS[:3]]
    first = engine.write(Answering(reader), prompts, count=1, seed=0)
    again = Local(device="cpu", folder=tmp_path)
    assert again.write(Answering(reader), prompts, count=1, seed=0) == first
    assert not again.usage["write"]["computed"]


def test_a_reader_of_whole_documents_is_refused(tmp_path) -> None:
    with pytest.raises(ModelError, match="never told that there may be no answer"):
        Answering(tiny_reader(tmp_path, head="passage")).open("cpu")
