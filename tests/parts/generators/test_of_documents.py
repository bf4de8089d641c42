"""OfDocuments: some documents get queries, all stay."""

from acclimate.models.student import Student
from acclimate.parts.filters import DiverseDocuments, SampleDocuments
from acclimate.parts.generators import FewShot, OfDocuments
from acclimate.parts.part import Context
from acclimate.pipeline.costs import Flow, sizes
from acclimate.recipes.recipe import Recipe
from acclimate.testing import toys
from acclimate.testing.fakes import FakeEncoder, FakeEngine, FakeWriter

STUDENT = Student(encoder=FakeEncoder())


def test_only_chosen_documents_get_queries() -> None:
    ctx = Context(engine=FakeEngine())
    chosen = SampleDocuments(at_most=4)
    written = OfDocuments(chosen=chosen, generator=FewShot(writer=FakeWriter()))(
        toys.CORPUS, STUDENT, ctx
    )
    assert set(written["source_doc_id"]) == set(chosen(toys.CORPUS, ctx)["doc_id"])
    told = ctx.notes["documents chosen"]
    assert (told["of"], told["chosen"]) == (12, 4)


def test_a_chooser_may_look_at_documents_through_the_student() -> None:
    part = OfDocuments(
        chosen=DiverseDocuments(at_most=4, clusters=3), generator=FewShot(writer=FakeWriter())
    )
    assert len(part(toys.CORPUS, STUDENT, Context(engine=FakeEngine()))) == 4


def test_a_plan_knows_how_many_it_will_write() -> None:
    few = FewShot(writer=FakeWriter(), per_document=2)
    recipe = Recipe("r", (OfDocuments(chosen=SampleDocuments(at_most=300), generator=few),))
    [(_, flow)] = sizes(recipe, Flow(documents=1_000, tokens=100.0))
    assert flow.queries == 600
