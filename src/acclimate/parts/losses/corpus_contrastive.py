"""CorpusContrastive: spans of one document are closer than spans of others.

Shapes: B documents, S spans of each, D dimensions, N = B · S spans.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch

from acclimate.errors import RecipeError
from acclimate.parts.losses._rows import hidden, mean_over
from acclimate.parts.losses._settings import check_above_zero


@dataclass(frozen=True, kw_only=True)
class CorpusContrastive:
    """Cross-entropy of picking a span's partner among all other spans of the batch.

    A span's loss is ln Σ_(k ≠ i) e^(h_i · h_k) − h_i · h_j, where j is the other span of its
    document. It takes vectors of spans, since no query is there to be scored. The cached form
    of the paper for large batches is what a loop does that encodes first and carries gradients
    back in pieces.

    Rows: [070].

    Paper:   Gao, Callan, Unsupervised Corpus Aware Language Model Pre-training for Dense Passage
             Retrieval, ACL 2022, section 3.2. https://arxiv.org/abs/2108.05540
    Code:    luyug/Condenser, modeling.py, CoCondenserForPretraining.
    Differs: a document may have more than two spans; then the mean over its partners counts.
    Cost:    the products of all vectors of a batch; the whole batch at once.

    Args:
        temperature: divides the products of vectors. Paper: 1, on plain products.

    Returns:
        The loss, a scalar; zero where no document counts.

    Example:
        >>> spans = torch.eye(2)[:, None].expand(2, 2, 2)  # e1, e1 and e2, e2
        >>> CorpusContrastive()(spans, torch.tensor([True, True]))  # ln(e + 2) − 1
        tensor(0.5514)
    """

    temperature: float = 1.0

    def __post_init__(self) -> None:
        """Refuse a temperature that no softmax has."""
        check_above_zero(self, "temperature")

    def __call__(self, spans_BSD: torch.Tensor, mask_B: torch.Tensor) -> torch.Tensor:
        """The loss of vectors of spans; the mask tells which documents count."""
        spans = spans_BSD.shape[1]
        if spans < 2:
            raise RecipeError(f"{self!r} needs 2 spans or more of each document; there is 1.")
        vectors_ND = torch.where(mask_B[:, None, None], spans_BSD, 0.0).flatten(0, 1)
        there_N = mask_B.repeat_interleave(spans)
        document_N = torch.arange(len(mask_B), device=mask_B.device).repeat_interleave(spans)
        itself_NN = torch.eye(len(there_N), dtype=torch.bool, device=mask_B.device)
        logits_NN = vectors_ND @ vectors_ND.T / self.temperature
        surprise_NN = hidden(logits_NN, there_N & ~itself_NN).logsumexp(1, keepdim=True) - logits_NN
        partner_NN = (document_N == document_N[:, None]) & ~itself_NN
        kept_NN = torch.where(partner_NN, surprise_NN, torch.zeros_like(surprise_NN))
        return mean_over(kept_NN.sum(dim=1) / (spans - 1), there_N)
