"""MaskedLM: hidden tokens are told from the others.

Shapes: B texts, T tokens, V words of the vocabulary.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch


@dataclass(frozen=True, kw_only=True)
class MaskedLM:
    """Surprise at the tokens that were hidden: the mean of −ln p(token) over them.

    It takes the logits of a language model over its vocabulary, since nothing is retrieved. What
    is hidden, and behind what, is the loop's choice; BERT hides 15 %.

    Rows: [097].

    Paper:   Devlin, Chang, Lee, Toutanova, BERT, NAACL 2019, section 3.1.
             https://arxiv.org/abs/1810.04805; to learn a domain: Braga et al., Simple Domain
             Adaptation for Sparse Retrievers, ECIR 2024. https://arxiv.org/abs/2401.11509
    Code:    transformers, BertForMaskedLM, gives the same value.
    Differs: nothing known.
    Cost:    nothing beside the logits, of which there are B · T · V.

    Returns:
        The loss, a scalar; zero where nothing is hidden.

    Example:
        >>> logits, tokens = torch.zeros(1, 2, 8), torch.tensor([[3, 5]])
        >>> MaskedLM()(logits, tokens, torch.tensor([[True, False]]))  # ln 8
        tensor(2.0794)
    """

    def __call__(
        self, logits_BTV: torch.Tensor, tokens_BT: torch.Tensor, mask_BT: torch.Tensor
    ) -> torch.Tensor:
        """The loss of logits and true tokens; the mask tells which tokens were hidden."""
        logits_NV, tokens_N = logits_BTV[mask_BT], tokens_BT[mask_BT]
        surprise_N = torch.nn.functional.cross_entropy(logits_NV, tokens_N, reduction="none")
        return surprise_N.sum() / max(len(tokens_N), 1)
