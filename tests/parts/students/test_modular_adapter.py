"""ModularAdapter: what languages share learns, what each has of its own stays. [086]"""

from pathlib import Path
from typing import Any

import pytest
import torch

from acclimate.errors import ModelError, RecipeError
from acclimate.models.encoders import Dense as Encoder
from acclimate.models.encoders import MultiVector
from acclimate.models.student import Student
from acclimate.parts.loops import Fit, MaskedLanguage
from acclimate.parts.losses import MaskedLM, PairwiseCE
from acclimate.parts.part import Context
from acclimate.parts.students import ModularAdapter
from acclimate.tables import Corpus, Labels, Queries
from acclimate.testing import samples, toys
from acclimate.testing.fakes import FakeEngine
from acclimate.testing.tiny import TEXTS, tiny_encoder, tiny_modular

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    return tiny_modular(tmp_path_factory.mktemp("base"), texts=(*TEXTS, *toys.CORPUS.contents))


@pytest.fixture(scope="module")
def learned(base: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Student:
    things, folder = samples.things(), tmp_path_factory.mktemp("learned")
    part = Fit(loss=PairwiseCE(own=2), steps=3, batch=6, candidates=2, learning_rate=1e-2)
    ctx = Context(seed=1, engine=FakeEngine(), folder=folder)
    start = ModularAdapter()(Student(encoder=base))
    return part(things[Corpus], things[Queries], things[Labels], start, ctx)


def unmoved(base: Encoder, after: Any) -> dict[str, bool]:
    """Whether each tensor of the transformer is bit-identical to the base's."""
    before, moved = (m.transformers_model.state_dict() for m in (base.load(), after.load()))
    return {name: torch.equal(before[name], moved[name]) for name in before}


def test_frozen_weights_are_bit_identical_after_training(base: Encoder, learned: Student) -> None:
    """[086]: embeddings and all adapters stay, what is shared learns."""
    stays = unmoved(base, learned.encoder)
    own = {n for n in stays if "embeddings" in n or "adapter_modules" in n}
    assert own
    assert all(stays[name] for name in own)
    assert not any(stays[n] for n in stays if "attention.self.query.weight" in n)


def test_the_folder_opens_with_its_language_and_switches_by_the_ordinary_call(
    learned: Student,
) -> None:
    from sentence_transformers import MultiVectorEncoder

    assert isinstance(learned.encoder, MultiVector)
    plain = MultiVectorEncoder(str(learned.encoder.folder()), device="cpu")
    assert plain.transformers_model.config.default_language == "en_XX"
    english = plain.encode_document(list(TEXTS))[0]
    plain.transformers_model.set_default_language("xx_XX")
    other = plain.encode_document(list(TEXTS))[0]
    assert not torch.allclose(torch.as_tensor(english), torch.as_tensor(other), atol=1e-4)


def test_one_languages_adapter_learns_alone_from_its_texts(
    learned: Student, tmp_path: Path
) -> None:
    """[086]: a language is taught by masked language modelling of its adapter alone."""
    shape = ModularAdapter(language="xx_XX", learns="adapter")
    ctx = Context(seed=1, engine=FakeEngine(), folder=tmp_path)
    loop = MaskedLanguage(loss=MaskedLM(), steps=3, batch=6, learning_rate=1e-2, warmup=1)
    after = loop(toys.CORPUS, shape(learned), ctx)
    before, moved = (m.load().state_dict() for m in (learned.encoder, after.encoder))
    changed = {name for name in before if not torch.equal(before[name], moved[name])}
    assert changed
    assert all("adapter_modules.xx_XX" in name for name in changed)
    language = after.encoder.load().transformers_model.config.default_language
    assert language == "xx_XX"


def test_a_language_it_does_not_have_is_refused(base: Encoder, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="Did you mean 'en_XX'"):
        ModularAdapter(language="en_US").prepare(base.load())
    with pytest.raises(ModelError, match="BertModel has no adapter"):
        ModularAdapter().prepare(tiny_encoder(tmp_path).load())


@pytest.mark.parametrize("settings", [{"dimensions": 0}, {"training_tokens": 2}])
def test_settings_under_which_nothing_is_compared_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(RecipeError):
        ModularAdapter(**settings)
