"""PairLearner: runs a student that reads query and document together, and calls the loss.

Shapes: B queries, K documents of each, N pairs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch

from acclimate.models.ref import Integers
from acclimate.parts.loops import _learner
from acclimate.parts.loops._groups import Drawn
from acclimate.parts.loops._learner import Learner
from acclimate.parts.loops._lengths import alike_stretches


class PairLearner(Learner):
    """A cross-encoder and the loss; a batch is cut where pairs are of a few thousand tokens.

    Queries whose own pairs are more than that are scored first, and the gradient of the scores is
    then carried back in stretches, as `Learner` does with vectors.
    """

    def pieces(self, places: Integers) -> Iterator[tuple[torch.Tensor, float]]:
        """Scalars to carry back, with what each adds to the loss of the step."""
        self.dropout.update = int(places[0])
        if getattr(self.loss, "in_batch", False):
            drawn = self._widened(places)[0]
            parts = [np.arange(len(drawn))]
        else:
            drawn = self.material.draw(places)
            parts = list(self._cut(drawn))
        counts = self._counts(drawn)
        total = max(int(counts.sum()), 1)
        for rows in self.team.mine(parts):
            share = int(counts[rows].sum()) / total
            if share:
                yield from self._carried(drawn.rows(rows), share)

    def scores(self, drawn: Drawn) -> torch.Tensor:
        """The student's scores, (B, K); 0 where there is no document. Without dropout."""
        self.dropout.update = None
        return self._placed([self._forward_pairs(drawn, s) for s in self._work(drawn)], drawn)

    def _carried(self, drawn: Drawn, share: float) -> Iterator[tuple[torch.Tensor, float]]:
        work = list(self._work(drawn))
        small = int(self._lengths_of(drawn).sum()) <= self._piece
        with torch.set_grad_enabled(small):
            parts = [self._forward_pairs(drawn, stretch) for stretch in work]
        leaves = parts if small else [part.requires_grad_() for part in parts]
        loss = share * self._loss(self._placed(leaves, drawn), drawn)
        value = float(loss.detach())
        if small:
            yield loss, value
            return
        for stretch, gradient in zip(work, torch.autograd.grad(loss, leaves), strict=True):
            yield (self._forward_pairs(drawn, stretch) * gradient).sum(), value
            value = 0.0

    def _cut(self, drawn: Drawn) -> Iterator[Integers]:
        """Rows of each piece: queries whose pairs have about as many tokens."""
        sizes = self._lengths_of(drawn).sum(axis=1)
        order = np.argsort(sizes, kind="stable")
        most = self.team.portion(int(sizes.sum()), self._piece)
        start = held = 0
        for place, row in enumerate(order):
            if held + sizes[row] > most and place > start:
                yield order[start:place]
                start, held = place, 0
            held += int(sizes[row])
        yield order[start:]

    def _lengths_of(self, drawn: Drawn) -> Integers:
        """Tokens of each pair, (B, K); 0 where there is no document."""
        queries = self.lengths["query"].of(drawn.queries)[:, None]
        documents = self.lengths["document"].of(drawn.filled)
        limit = self.model.max_seq_length or _learner.PIECE_TOKENS
        return np.asarray(np.minimum(queries + documents, limit) * drawn.mask)

    def _work(self, drawn: Drawn) -> Iterator[Integers]:
        """Pairs that are read together, short ones first: places in the flattened (B, K)."""
        lengths = self._lengths_of(drawn).reshape(-1)
        order = np.argsort(lengths, kind="stable")
        order = order[drawn.mask.reshape(-1)[order]]
        for stretch in alike_stretches(lengths[order], self._piece):
            yield order[stretch]

    def _forward_pairs(self, drawn: Drawn, places: Integers) -> torch.Tensor:
        line, column = np.divmod(places, drawn.documents.shape[1])
        queries = [self.material.queries[row] for row in drawn.queries[line]]
        documents = [self.material.documents[row] for row in drawn.documents[line, column]]
        lower = torch.autocast(self.model.device.type, torch.bfloat16, enabled=self.lower)
        with self.dropout.reading(int(drawn.queries[0]), int(places[0])), lower:
            scores: torch.Tensor = self.encoder.tensors(queries, documents)
        return scores

    def _placed(self, parts: Sequence[torch.Tensor], drawn: Drawn) -> torch.Tensor:
        """Scores of stretches of pairs as (B, K)."""
        places = torch.from_numpy(np.concatenate(list(self._work(drawn))))
        flat = torch.zeros(drawn.documents.size, device=self.model.device)
        flat = flat.index_put((places.to(flat.device),), torch.cat(list(parts)))
        return self.scale * flat.reshape(drawn.documents.shape)

    def _count(self, texts: Sequence[str]) -> Integers:
        counts: Integers = self.encoder.count_tokens(texts, [""] * len(texts))
        return counts
