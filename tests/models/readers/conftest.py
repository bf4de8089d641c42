"""Tiny language models, built once for all tests of a session."""

from pathlib import Path

import pytest

from acclimate.models.readers import LanguageModel
from acclimate.testing.tiny import TEXTS

WORDS = sorted({word for text in TEXTS for word in text.lower().split()})


@pytest.fixture(scope="session")
def encoder_decoder(writer) -> LanguageModel:
    """A two-layer T5."""
    return LanguageModel(writer.model)


@pytest.fixture(scope="session")
def causal(tmp_path_factory: pytest.TempPathFactory) -> LanguageModel:
    """A two-layer GPT-2 over the words of the tiny texts."""
    import torch
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers
    from transformers import GPT2Config, GPT2LMHeadModel, PreTrainedTokenizerFast

    folder: Path = tmp_path_factory.mktemp("causal")
    vocabulary = {word: row for row, word in enumerate(["<s>", "<unk>", *WORDS])}
    named = {"bos_token": "<s>", "unk_token": "<unk>"}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token=named["unk_token"]))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, **named)
    fast.save_pretrained(str(folder))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        config = GPT2Config(
            vocab_size=len(vocabulary), n_positions=256, n_embd=32, n_layer=2, n_head=4,
            bos_token_id=0, eos_token_id=0,
        )  # fmt: skip
        model = GPT2LMHeadModel(config)
        torch.nn.init.normal_(model.transformer.wte.weight, std=0.5)
        model.save_pretrained(str(folder))
    return LanguageModel(str(folder))
