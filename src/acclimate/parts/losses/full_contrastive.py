"""FullContrastive: a query and its document are closer than anything else in the batch.

Shapes: B queries, K documents of each, D dimensions; document 0 is the relevant one.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch

from acclimate.parts.losses._rows import hidden, mean_over
from acclimate.parts.losses._settings import check_above_zero


@dataclass(frozen=True, kw_only=True)
class FullContrastive:
    """Cross-entropy of picking query i's document, against every pair that i is in.

    The alternatives of query i with document i are: query i with all documents of the batch, all
    other queries with document i, query i with all other queries, and document i with the other
    relevant documents. It takes vectors, since query with query is no score of a document.

    Rows: [081].

    Paper:   Wang, Yang, Wei, LLM-R: Learning to Retrieve In-Context Examples for Large Language
             Models, EACL 2024, section 3.3. https://arxiv.org/abs/2307.07164
    Code:    microsoft/LMOps, llm_retriever, full_contrastive_scores_and_labels.
    Differs: nothing known.
    Cost:    the products of all vectors of a batch; the whole batch at once.

    Args:
        temperature: divides the products of vectors. Paper: 0.01, on cosines.

    Returns:
        The loss, a scalar; zero where no query has its document.

    Example:
        >>> queries, documents = torch.zeros(1, 2), torch.zeros(1, 4, 2)
        >>> FullContrastive()(queries, documents, torch.ones(1, 4, dtype=torch.bool))
        tensor(1.3863)
    """

    temperature: float = 0.01

    def __post_init__(self) -> None:
        """Refuse a temperature that no softmax has."""
        check_above_zero(self, "temperature")

    def __call__(
        self, queries_BD: torch.Tensor, documents_BKD: torch.Tensor, mask_BK: torch.Tensor
    ) -> torch.Tensor:
        """The loss of vectors of queries and documents; the mask tells which documents count."""
        counts_B = mask_BK[:, 0]
        documents_BKD = torch.where(mask_BK[..., None], documents_BKD, 0.0)
        relevant_BD = documents_BKD[:, 0]
        others_BB = counts_B & ~torch.eye(len(counts_B), dtype=torch.bool, device=counts_B.device)
        everything_BN = queries_BD @ documents_BKD.flatten(0, 1).T
        logits_BX = torch.cat(
            [
                hidden(
                    everything_BN / self.temperature, mask_BK.flatten().expand_as(everything_BN)
                ),
                hidden(relevant_BD @ queries_BD.T / self.temperature, others_BB),
                hidden(queries_BD @ queries_BD.T / self.temperature, others_BB),
                hidden(relevant_BD @ relevant_BD.T / self.temperature, others_BB),
            ],
            dim=1,
        )
        own_B = (queries_BD * relevant_BD).sum(dim=1) / self.temperature
        return mean_over(logits_BX.logsumexp(dim=1) - own_B, counts_B)
