"""GraphChains: two documents that meet in one entity. [006] [054]"""

import numpy as np
import pytest

from acclimate.errors import RecipeError
from acclimate.parts.generators import GraphChains
from acclimate.parts.generators.graph_chains import Chain, Chains
from acclimate.parts.part import Context
from acclimate.tables import Corpus
from acclimate.testing import behaviour

TEXTS = {
    "tower": "The tower of Faro was drawn by Almeida.",
    "meeting": "Later, Almeida met Brandt.",
    "trains": "Trains stop at noon.",
}
CORPUS = Corpus.of({"doc_id": d, "title": "", "text": t} for d, t in TEXTS.items())


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def test_the_only_path_of_three_nodes_is_found() -> None:
    """[006]: on A – B – C the generator returns the only path."""
    chains = Chains(CORPUS, at_most_documents=8)
    path = Chain(begin="faro", bridge="almeida", end="brandt", first=0, second=1)
    assert chains.of(0, rng(), begins=True) == path
    assert chains.of(1, rng(), begins=False) == path
    back = Chain(begin="brandt", bridge="almeida", end="faro", first=1, second=0)
    assert chains.of(1, rng(), begins=True) == back
    assert chains.of(2, rng(), begins=True) is None


def test_the_ends_ask_for_the_first_and_with_its_fact_for_the_second() -> None:
    """[006]: each step's query and its next fact."""
    queries = GraphChains()(CORPUS, Context())
    told = {(row["kind"], row["source_doc_id"]): row["text"] for row in queries.dicts()}
    assert told == {
        ("hop_1", "tower"): "faro brandt",
        ("hop_2", "meeting"): "faro brandt The tower of Faro was drawn by Almeida",
        ("hop_1", "meeting"): "brandt faro",
        ("hop_2", "tower"): "brandt faro Later, Almeida met Brandt",
    }


def test_the_bridge_is_not_in_the_question() -> None:
    """[054]: what leads to the second document is said by the first alone."""
    queries = GraphChains()(CORPUS, Context())
    first = queries.where("kind", ["hop_1"])
    assert not any("almeida" in text for text in first["text"])


def test_no_document_is_in_two_hops_of_a_chain_and_both_are_covered() -> None:
    """[054]: no passage of two hops; the gold set is covered."""
    chain = Chains(CORPUS, at_most_documents=8).of(0, rng(), begins=True)
    assert chain is not None
    assert {chain.first, chain.second} == {0, 1}


def test_what_stands_everywhere_joins_nothing() -> None:
    many = Corpus.of(
        {"doc_id": f"d{n}", "title": "", "text": f"Later, Almeida met Brandt{n}."} for n in range(4)
    )
    assert len(GraphChains(at_most_documents=3)(many, Context())) == 0
    assert len(GraphChains(at_most_documents=4)(many, Context())) == 8


def test_pieces_of_one_document_are_no_chain() -> None:
    pieces = Corpus.of({**row, "parent_id": "book"} for row in CORPUS.dicts())
    assert len(GraphChains()(pieces, Context())) == 0


def test_a_bridge_of_one_document_is_refused() -> None:
    with pytest.raises(RecipeError, match="2 documents or more"):
        GraphChains(at_most_documents=1)


def test_it_obeys_the_laws_of_generators() -> None:
    behaviour.check_all(GraphChains(), folder="generators")
