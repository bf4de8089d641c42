"""Copying: an encoder-decoder that writes tokens it knows, or copies them from what it reads.

Shapes: R rows, W tokens written, L tokens read, D dimensions, V tokens of the vocabulary.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AutoModelForSeq2SeqLM, BartConfig, BartForConditionalGeneration
from transformers.modeling_outputs import Seq2SeqLMOutput

SELDOM = -2.0
"""Where the choice begins: one token of eight is copied."""


class Copying(BartForConditionalGeneration):  # type: ignore[misc]
    """BART with a pointer to the tokens that it reads: p = (1 - c) · written + c · copied.

    A small decoder that saw some ten thousand texts knows how questions begin and not the names
    of a field, which stand in the text before it. A token that is read is pointed at as the
    vocabulary is, by its word embedding; what the encoder makes of it, and whether the token before
    it was written last, are added, and learned. A piece from inside a word is copied behind the
    piece before it and nowhere else, so that a name of five pieces is copied whole.

    Paper:   See, Liu, Manning, Get To The Point: Summarization with Pointer-Generator Networks,
             ACL 2017. https://arxiv.org/abs/1704.04368
    Code:    none followed.
    Differs: the pointer is no attention of the decoder's own and needs no coverage.

    `inside`, (V,), says which tokens are from inside a word; none, before it is set or loaded.

    Args:
        config: BART's. Its beginning, end and padding tokens are never copied.
    """

    def __init__(self, config: BartConfig) -> None:
        super().__init__(config)
        self.look = nn.Linear(config.d_model, config.d_model, bias=False)
        self.choice = nn.Linear(config.d_model, 1)
        self.follows = nn.Parameter(torch.ones(()))
        self.register_buffer("inside", torch.zeros(config.vocab_size, dtype=torch.bool))
        with torch.no_grad():
            self.look.weight.zero_()
            self.choice.weight.zero_()
            self.choice.bias.fill_(SELDOM)

    def forward(
        self,
        input_ids: Tensor | None = None,
        attention_mask: Tensor | None = None,
        decoder_input_ids: Tensor | None = None,
        source_ids: Tensor | None = None,
        *,
        encoder_outputs: Any = None,
        past_key_values: Any = None,
        use_cache: bool | None = None,
        **_: Any,
    ) -> Seq2SeqLMOutput:
        """BART's, with logarithms of probabilities as `logits`, (R, W, V).

        Args:
            input_ids: what is read, (R, L).
            attention_mask: which of it are no padding, (R, L).
            decoder_input_ids: what was written, (R, W) or the last of it, (R, 1).
            source_ids: what was read, where its `encoder_outputs` are given in its place.
            encoder_outputs: what the encoder made of it.
            past_key_values: what the decoder keeps of earlier steps.
            use_cache: whether it keeps anything.

        Raises:
            ValueError: when neither says what there is to copy, or nothing was written.
        """
        source_RL = input_ids if source_ids is None else source_ids
        if source_RL is None or decoder_input_ids is None:
            raise ValueError(
                "Nothing can be copied: give generate(…) source_ids, what is read, and forward "
                "decoder_input_ids besides, what was written."
            )
        if attention_mask is None:
            attention_mask = source_RL != self.config.pad_token_id
        out = self.model(
            input_ids=input_ids,
            attention_mask=attention_mask,
            decoder_input_ids=decoder_input_ids,
            encoder_outputs=encoder_outputs,
            past_key_values=past_key_values,
            use_cache=use_cache,
        )
        hidden_RWD, read_RLD = out.last_hidden_state, out.encoder_last_hidden_state
        logits_RWV = self.lm_head(hidden_RWD) + self.final_logits_bias
        points_RWL, copies_RW = self.copied(
            hidden_RWD, decoder_input_ids, source_RL, read_RLD, attention_mask
        )
        written_RWV = logits_RWV.softmax(dim=2) * (1 - copies_RW)[:, :, None]
        places_RWL = source_RL[:, None, :].expand_as(points_RWL)
        whole_RWV = written_RWV.scatter_add(2, places_RWL, points_RWL * copies_RW[:, :, None])
        return Seq2SeqLMOutput(logits=whole_RWV.log(), past_key_values=out.past_key_values)

    def copied(
        self,
        hidden_RWD: Tensor,
        written_RW: Tensor,
        source_RL: Tensor,
        read_RLD: Tensor,
        mask_RL: Tensor,
    ) -> tuple[Tensor, Tensor]:
        """Where it points, (R, W, L), a probability; and how likely it is to copy, (R, W).

        Args:
            hidden_RWD: the decoder's states.
            written_RW: the token that stands before the one to come.
            source_RL: the tokens that are read.
            read_RLD: the encoder's states of them.
            mask_RL: which of them are no padding.
        """
        own = self.config
        plain_RL = mask_RL.bool()
        for token in (own.pad_token_id, own.bos_token_id, own.eos_token_id):
            plain_RL = plain_RL & (source_RL != token)
        before_RL = source_RL[:, :-1].where(plain_RL[:, :-1], own.pad_token_id)
        next_RWL = nn.functional.pad(written_RW[:, :, None] == before_RL[:, None, :], (1, 0))
        next_RWL = next_RWL & (written_RW != own.pad_token_id)[:, :, None]
        # Not into the middle of a word, and none twice in a row, but where the text has it so.
        same_RWL = source_RL[:, None, :] == written_RW[:, :, None]
        torn_RWL = self.inside[source_RL][:, None, :] | same_RWL
        there_RWL = plain_RL[:, None, :] & (next_RWL | ~torn_RWL)
        # hidden · (word + look(read)); the map is put on the side with fewer rows.
        words_RDL = self.model.shared(source_RL).transpose(1, 2)
        asking_RWD = hidden_RWD @ self.look.weight
        points_RWL = hidden_RWD @ words_RDL + asking_RWD @ read_RLD.transpose(1, 2)
        points_RWL = points_RWL + self.follows * next_RWL
        lowest = torch.finfo(points_RWL.dtype).min
        points_RWL = points_RWL.masked_fill(~there_RWL, lowest).softmax(dim=2)
        copies_RW = self.choice(hidden_RWD)[:, :, 0].sigmoid()
        return points_RWL, copies_RW * there_RWL.any(dim=2)  # there may be nothing to copy


def opening(folder: Path) -> Any:
    """The encoder-decoder in a folder, of whichever kind it is, in float32."""
    told = json.loads((folder / "config.json").read_text("utf-8"))
    copies = Copying.__name__ in (told.get("architectures") or [])
    kind = Copying if copies else AutoModelForSeq2SeqLM
    return kind.from_pretrained(str(folder), local_files_only=True, dtype="float32")
