"""Check the bundled models: python -m acclimate_offline. Ends with 1 where something is wrong."""

from __future__ import annotations

import sys
from pathlib import Path

from acclimate.errors import ModelError
from acclimate_offline.answers import answer
from acclimate_offline.bundle import MODELS, ROLES, faults, folder


def check(models: Path = MODELS) -> list[str]:
    """Hashes, sizes, licences, and an answer of each model; gives back what is wrong."""
    wrong: list[str] = []
    for role in ROLES:
        try:
            found = faults(role, models=models)
            wrong += found
            if not found:
                print(f"{role}: {answer(role, folder(role, models=models))}")
        except ModelError as error:
            wrong.append(str(error))
    return wrong


def main() -> int:
    """Say what is wrong."""
    wrong = check()
    for line in wrong:
        sys.stderr.write(f"{line}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
