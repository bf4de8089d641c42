"""prepare: what both sides of the comparison read: texts, student, teacher.

    prepare.py STAGE SETTINGS.json ANSWER.json

The documents are cut to so many tokens beforehand, so that no side reads more than the other.
"""

from __future__ import annotations

import json
import random
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from child import answer_stages
from collections_with_judgements import read


def data(settings: dict[str, Any]) -> dict[str, Any]:
    """Write a folder in the peer's formats: `documents` texts and `queries` queries about them."""
    from acclimate.models.weights import find

    student = find("all-MiniLM-L6-v2")
    cut = _Cutter(student / "tokenizer.json", settings["document_tokens"])
    corpus, queries, sources = _texts(settings)
    corpus = [(name, cut(text)) for name, text in corpus]
    folder = Path(settings["data"])
    (folder / "qgen-qrels").mkdir(parents=True, exist_ok=True)
    write_lines(folder / "corpus.jsonl", ({"_id": i, "title": "", "text": t} for i, t in corpus))
    write_lines(
        folder / "qgen-queries.jsonl", ({"_id": i, "text": t, "metadata": {}} for i, t in queries)
    )
    with (folder / "qgen-qrels" / "train.tsv").open("w", encoding="utf-8") as file:
        file.write("query-id\tcorpus-id\tscore\n")
        file.writelines(f"{query}\t{sources[query]}\t1\n" for query, _ in queries)
    teacher = folder / "teacher"
    cross_encoder(student, teacher, settings["seed"])
    return {
        "student": str(student),
        "teacher": str(teacher),
        "document_lengths": cut.lengths([t for _, t in corpus]),
        "query_lengths": cut.lengths([t for _, t in queries]),
    }


def _texts(
    settings: dict[str, Any],
) -> tuple[list[tuple[str, str]], list[tuple[str, str]], dict[str, str]]:
    """Documents, and queries with the document each is about."""
    found = read(settings["texts"])
    about: dict[str, str] = {}
    for query, document in found.qrels:
        about.setdefault(query, document)
    draw = random.Random(settings["seed"])
    chosen = [q for q in sorted(found.queries) if q in about]
    draw.shuffle(chosen)
    chosen = chosen[: settings["queries"]]
    wanted = list(dict.fromkeys(about[q] for q in chosen))
    rest = sorted(set(found.documents) - set(wanted))
    draw.shuffle(rest)
    names = (wanted + rest)[: settings["documents"]]
    draw.shuffle(names)
    kept = set(names)
    return (
        [(n, found.documents[n]) for n in names],
        [(f"genQ{i}", found.queries[q]) for i, q in enumerate(chosen) if about[q] in kept],
        {f"genQ{i}": about[q] for i, q in enumerate(chosen)},
    )


class _Cutter:
    """Cuts texts at a word border to at most so many tokens."""

    def __init__(self, tokenizer: Path, most: int) -> None:
        from tokenizers import Tokenizer

        self.tokenizer = Tokenizer.from_file(str(tokenizer))
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()
        self.most = most

    def __call__(self, text: str) -> str:
        text = " ".join(text.split())
        offsets = self.tokenizer.encode(text, add_special_tokens=False).offsets
        if len(offsets) <= self.most:
            return text
        return text[: offsets[self.most][0]].rstrip()

    def lengths(self, texts: Sequence[str]) -> list[int]:
        return [len(e.ids) for e in self.tokenizer.encode_batch(list(texts))]


def cross_encoder(student: Path, folder: Path, seed: int) -> None:
    """MiniLM with a regression head drawn at random: costs what a real teacher of its size costs.

    Written so that both library versions read it: the student's own tokenizer files, and no
    activation after the head.
    """
    import torch
    from safetensors.torch import save_file
    from transformers import BertForSequenceClassification

    torch.manual_seed(seed)
    model = BertForSequenceClassification.from_pretrained(student, num_labels=1)
    with torch.no_grad():
        model.classifier.weight.mul_(20)
    shutil.copytree(
        student,
        folder,
        dirs_exist_ok=True,
        ignore=shutil.ignore_patterns(
            "model.safetensors", "modules.json", "1_Pooling", "*sentence*", "README*", ".git*"
        ),
    )
    config = json.loads((student / "config.json").read_text("utf-8"))
    config |= {
        "architectures": ["BertForSequenceClassification"],
        "num_labels": 1,
        "id2label": {"0": "LABEL_0"},
        "label2id": {"LABEL_0": 0},
        "sbert_ce_default_activation_function": "torch.nn.modules.linear.Identity",
    }
    (folder / "config.json").write_text(json.dumps(config, indent=1), "utf-8")
    save_file(
        {k: v.contiguous() for k, v in model.state_dict().items()},
        folder / "model.safetensors",
        metadata={"format": "pt"},
    )


def write_lines(path: Path, rows: Any) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


if __name__ == "__main__":
    answer_stages({"data": data})
