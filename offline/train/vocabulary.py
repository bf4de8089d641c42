"""Vocabulary: a smaller one for small models.

The word embeddings are half of MiniLM. A piece of a word that no English text needs (unused ones,
other scripts) is dropped, and of the others the rarest ones where a model has room for fewer:
BERT's pieces are numbered by how often they occur. A dropped word is read in smaller pieces.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torch import Tensor

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
SCRIPTS = ("LATIN", "GREEK", "MICRO SIGN")


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """The pieces that are kept.

    Args:
        pieces: by their new numbers.
        old: their numbers before.
    """

    pieces: tuple[str, ...]
    old: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.pieces)

    def rows(self, embeddings: Tensor) -> Tensor:
        """The embeddings of the pieces that are kept, (V, D)."""
        return embeddings[list(self.old)].clone()


def kept(folder: Path, at_most: int | None = None) -> Vocabulary:
    """Which pieces of a model's vocabulary stay.

    Args:
        folder: of a model with a WordPiece tokenizer.
        at_most: how many; None: all that English texts need.
    """
    numbers = _saved(folder)["model"]["vocab"]
    usable = sorted((n, p) for p, n in numbers.items() if p not in SPECIAL and _usable(p))
    # Single characters are always there: any word can be read in them.
    ranked = sorted(usable, key=lambda item: (len(item[1].removeprefix("##")) > 1, item[0]))
    room = None if at_most is None else max(0, at_most - len(SPECIAL))
    chosen = sorted(ranked[:room])
    special = [(numbers[name], name) for name in SPECIAL]
    together = special + chosen
    return Vocabulary(pieces=tuple(p for _, p in together), old=tuple(n for n, _ in together))


def tokenizer(
    folder: Path, vocabulary: Vocabulary, *, second_begins: bool = False, max_length: int = 512
) -> Any:
    """The model's tokenizer with fewer pieces, as transformers open it.

    Args:
        folder: of the model.
        vocabulary: the pieces that are kept.
        second_begins: whether the second text of a pair begins with [CLS] too, as if alone.
        max_length: tokens of a text at most.
    """
    from tokenizers import Tokenizer, processors
    from transformers import PreTrainedTokenizerFast

    saved = _saved(folder)
    numbers = {piece: number for number, piece in enumerate(vocabulary.pieces)}
    saved["model"]["vocab"] = numbers
    saved["added_tokens"] = [
        {**token, "id": numbers[token["content"]]}
        for token in saved["added_tokens"]
        if token["content"] in numbers
    ]
    saved["truncation"] = saved["padding"] = saved["post_processor"] = None
    own = Tokenizer.from_str(json.dumps(saved))
    second = "[CLS]:1 $B:1 [SEP]:1" if second_begins else "$B:1 [SEP]:1"
    own.post_processor = processors.TemplateProcessing(
        single="[CLS]:0 $A:0 [SEP]:0",
        pair=f"[CLS]:0 $A:0 [SEP]:0 {second}",
        special_tokens=[(name, numbers[name]) for name in ("[CLS]", "[SEP]")],
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=own,
        model_max_length=max_length,
        model_input_names=["input_ids", "token_type_ids", "attention_mask"],
        clean_up_tokenization_spaces=True,
        **{f"{name[1:-1].lower()}_token": name for name in SPECIAL},
    )


def encoder(folder: Path, vocabulary: Vocabulary) -> Any:
    """The BERT-like encoder in a folder with these pieces only, in float32."""
    import torch
    from transformers import BertModel

    from acclimate.models.loading import loading

    with loading(str(folder), "a BERT-like encoder"):
        model = BertModel.from_pretrained(str(folder), local_files_only=True, dtype="float32")
    rows = vocabulary.rows(model.embeddings.word_embeddings.weight.detach())
    pieces = torch.nn.Embedding(len(rows), rows.shape[1], padding_idx=0)
    pieces.load_state_dict({"weight": rows})
    model.embeddings.word_embeddings = pieces
    model.config.vocab_size, model.config.pad_token_id = len(vocabulary), 0
    return model


def plain_ids(own: Any, texts: Sequence[str]) -> list[list[int]]:
    """Numbers of the pieces of each text, without special tokens."""
    if not texts:
        return []
    ids: list[list[int]] = own(list(texts), add_special_tokens=False, truncation=False)["input_ids"]
    return ids


def _usable(piece: str) -> bool:
    if piece.startswith("[unused"):
        return False
    return all(_english(letter) for letter in piece.removeprefix("##"))


def _english(letter: str) -> bool:
    if letter.isascii():
        return True
    name = unicodedata.name(letter, "")
    if unicodedata.category(letter).startswith(("L", "M")):
        return name.startswith(SCRIPTS)
    return "CJK" not in name and "FULLWIDTH" not in name


def _saved(folder: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((folder / "tokenizer.json").read_text("utf-8"))
    return told
