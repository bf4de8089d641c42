"""Tiny models, built on the spot and saved into a folder: for tests of whatever opens a model.

Each takes well under a second, needs no network and has the same weights for the same seed.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from acclimate.models.encoders.dense import Dense
from acclimate.models.loading import loading
from acclimate.models.readers.extractive import Extractive, Head
from acclimate.models.scorers.cross_encoder import CrossEncoder
from acclimate.models.writers.seq2seq import Seq2Seq

TEXTS = (
    "The pump must be primed before it is started for the first time.",
    "A cracked gasket lets air into the suction line, and the pressure drops.",
    "Tighten the bolts of the flange in a cross pattern with a torque wrench.",
    "The motor stops when the temperature of the winding is above the limit.",
    "Replace the bearing when the shaft makes a grinding noise under load.",
    "Open the drain valve slowly to empty the tank after the season.",
    "A relay protects the circuit from a short and must be reset by hand.",
    "What is the right pressure for the filter, and how often is it cleaned?",
)
"""Toy documents whose words are whole tokens of the tiny models."""

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def tiny_encoder(
    folder: str | Path,
    *,
    seed: int = 0,
    normalised: bool = True,
    texts: Sequence[str] = TEXTS,
    dimension: int = 32,
    max_length: int = 64,
) -> Dense:
    """A two-layer sentence-transformers model, saved into `folder`.

    Its layers are near the identity, so that it behaves like a bag of random word vectors: texts
    that share words are close.
    """
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Normalize, Transformer
    from sentence_transformers.sentence_transformer.modules import Pooling

    folder = Path(folder)
    body = folder / "body"
    with loading(str(folder), "a tiny encoder"):
        _bert(body, texts, seed, dimension, max_length)
        transformer = Transformer(str(body), model_kwargs={"local_files_only": True})
        transformer.max_seq_length = max_length
        modules = [transformer, Pooling(dimension, "mean"), *([Normalize()] if normalised else [])]
        model = SentenceTransformer(
            modules=modules, device="cpu", similarity_fn_name="cosine" if normalised else "dot"
        )
        model.save_pretrained(str(folder), create_model_card=False)
    shutil.rmtree(body)
    return Dense(str(folder))


def tiny_modular(
    folder: str | Path,
    *,
    languages: Sequence[str] = ("en_XX", "xx_XX"),
    texts: Sequence[str] = TEXTS,
    max_length: int = 64,
) -> Dense:
    """A two-layer X-MOD encoder with an adapter for each language, saved into `folder`."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Transformer
    from sentence_transformers.sentence_transformer.modules import Pooling
    from transformers import XmodConfig, XmodModel

    body = Path(folder) / "body"
    with loading(str(folder), "a tiny encoder"), torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        config = XmodConfig(
            vocab_size=len(_vocabulary(texts)),
            hidden_size=32,
            num_hidden_layers=2,
            num_attention_heads=4,
            intermediate_size=64,
            max_position_embeddings=max_length + 1,
            pad_token_id=0,
            languages=list(languages),
            default_language=languages[0],
        )
        _tokenizer(texts, max_length).save_pretrained(str(body))
        XmodModel(config).save_pretrained(str(body))
        transformer = Transformer(str(body), model_kwargs={"local_files_only": True})
        model = SentenceTransformer(modules=[transformer, Pooling(32, "mean")], device="cpu")
        model.save_pretrained(str(folder), create_model_card=False)
    shutil.rmtree(body)
    return Dense(str(folder))


def tiny_decoder(
    folder: str | Path,
    *,
    seed: int = 0,
    absolute: bool = False,
    texts: Sequence[str] = TEXTS,
    max_length: int = 64,
) -> Dense:
    """A two-layer causal language model, saved into `folder`: its vectors, as any decoder's.

    It is a Llama; with `absolute` a GPT-2, whose positions are learned. Its tokenizer puts "<s>"
    first and has no token to pad with, as that of Llama and Mistral.
    """
    import torch
    from tokenizers.processors import TemplateProcessing
    from transformers import (
        GPT2Config,
        GPT2LMHeadModel,
        LlamaConfig,
        LlamaForCausalLM,
        PreTrainedTokenizerFast,
    )

    words = ["<s>", "</s>", "<unk>", *_words(texts)]
    tokenizer = _word_level(words, "<unk>")
    tokenizer.post_processor = TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 0)])
    named = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"}
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, model_max_length=max_length, add_bos_token=True, **named
    )
    size = {"vocab_size": len(words), "hidden_size": 32, "max_position_embeddings": max_length}
    size |= {"num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 64}
    size |= {"bos_token_id": 0, "eos_token_id": 1}
    still = {"resid_pdrop": 0.0, "embd_pdrop": 0.0, "attn_pdrop": 0.0}
    with loading(str(folder), "a tiny decoder"), torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        if absolute:
            model: Any = GPT2LMHeadModel(GPT2Config(**size, **still))
        else:
            model = LlamaForCausalLM(LlamaConfig(**size, tie_word_embeddings=True))
        torch.nn.init.normal_(model.lm_head.weight, std=0.5)
        model.save_pretrained(str(folder))
    fast.save_pretrained(str(folder))
    return Dense(str(folder))


def tiny_scorer(
    folder: str | Path,
    *,
    seed: int = 0,
    labels: int = 1,
    texts: Sequence[str] = TEXTS,
    max_length: int = 64,
) -> CrossEncoder:
    """A two-layer cross-encoder, saved into `folder`; `labels` above one make it unusable here."""
    import torch
    from transformers import BertForSequenceClassification

    folder = Path(folder)
    with loading(str(folder), "a tiny scorer"), torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        config = _config(texts, 32, max_length, num_labels=labels)
        _tokenizer(texts, max_length).save_pretrained(str(folder))
        model = BertForSequenceClassification(config)
        torch.nn.init.normal_(model.classifier.weight)
        model.save_pretrained(str(folder))
    return CrossEncoder(str(folder))


def tiny_reader(
    folder: str | Path, *, head: Head = "answerable", seed: int = 0, texts: Sequence[str] = TEXTS
) -> Extractive:
    """A two-layer extractive reader, saved into `folder`; a reader of DPR for head "passage"."""
    import torch
    from transformers import BertForQuestionAnswering, DPRConfig, DPRReader

    folder, size = Path(folder), 64
    with loading(str(folder), "a tiny reader"), torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        config = _config(texts, 32, size)
        if head == "passage":
            model = DPRReader(DPRConfig(**{**config.to_dict(), "model_type": "dpr"}))
        else:
            model = BertForQuestionAnswering(config)
        for name, weights in model.named_parameters():
            if ".qa_" in f".{name}" and name.endswith("weight"):
                torch.nn.init.normal_(weights)
        _tokenizer(texts, size).save_pretrained(str(folder))
        model.save_pretrained(str(folder))
    return Extractive(str(folder), head=head, max_length=size)


def tiny_writer(folder: str | Path, *, seed: int = 0, texts: Sequence[str] = TEXTS) -> Seq2Seq:
    """A two-layer T5 that writes random words of `texts`, saved into `folder`."""
    import torch
    from tokenizers.processors import TemplateProcessing
    from transformers import PreTrainedTokenizerFast, T5Config, T5ForConditionalGeneration

    folder = Path(folder)
    words = ["<pad>", "</s>", "<unk>", *_words(texts)]
    tokenizer = _word_level(words, "<unk>")
    tokenizer.post_processor = TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    named = {"pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>"}
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=64, **named)
    with loading(str(folder), "a tiny writer"), torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = T5ForConditionalGeneration(
            T5Config(
                vocab_size=len(words),
                d_model=32,
                d_kv=8,
                d_ff=64,
                num_layers=2,
                num_heads=4,
                pad_token_id=0,
                eos_token_id=1,
                decoder_start_token_id=0,
                dropout_rate=0.0,
            )
        )
        # Words carry the text; the tied output layer would repeat its own input for ever.
        torch.nn.init.normal_(model.lm_head.weight, std=0.1)
        model.save_pretrained(str(folder))
    fast.save_pretrained(str(folder))
    return Seq2Seq(str(folder), max_new_tokens=12)


def _words(texts: Sequence[str]) -> list[str]:
    counted = Counter(word for text in texts for word in _split(text))
    return sorted(counted, key=lambda word: (-counted[word], word))


def _split(text: str) -> list[str]:
    spaced = "".join(c if c.isalnum() else f" {c} " for c in text.lower())
    return spaced.split()


def _vocabulary(texts: Sequence[str]) -> list[str]:
    """Whole words of the texts, and single characters for any other word."""
    letters = sorted(
        {c for text in texts for c in text.lower() if not c.isspace()}
        | set("abcdefghijklmnopqrstuvwxyz0123456789.,?!'-")
    )
    words = [word for word in _words(texts) if len(word) > 1]
    return [*SPECIAL, *letters, *("##" + c for c in letters), *words]


def _word_level(words: list[str], unknown: str) -> Any:
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers

    tokenizer = Tokenizer(models.WordLevel({w: i for i, w in enumerate(words)}, unk_token=unknown))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    return tokenizer


def _tokenizer(texts: Sequence[str], max_length: int) -> Any:
    from transformers import BertTokenizerFast

    vocabulary = {word: row for row, word in enumerate(_vocabulary(texts))}
    return BertTokenizerFast(vocab=vocabulary, do_lower_case=True, model_max_length=max_length)


def _config(texts: Sequence[str], dimension: int, max_length: int, **settings: Any) -> Any:
    from transformers import BertConfig

    return BertConfig(
        vocab_size=len(_vocabulary(texts)),
        hidden_size=dimension,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=2 * dimension,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        max_position_embeddings=max_length,
        **settings,
    )


def _bert(folder: Path, texts: Sequence[str], seed: int, dimension: int, max_length: int) -> None:
    import torch
    from transformers import BertModel

    _tokenizer(texts, max_length).save_pretrained(str(folder))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = BertModel(_config(texts, dimension, max_length))
        torch.nn.init.normal_(model.embeddings.word_embeddings.weight, std=1.0)
        model.save_pretrained(str(folder))
