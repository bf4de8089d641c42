"""Put the finished models into the package: python -m train.bundle offline/build."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from acclimate_offline.bundle import ROLES, add
from train.loop import CURVE


def unfinished(build: Path) -> dict[str, str]:
    """Which models are not trained to the end, and how far they are."""
    left = {}
    for role in ROLES:
        path = build / role / CURVE
        if not path.is_file():
            left[role] = "not begun"
            continue
        told = json.loads(path.read_text("utf-8"))
        if told["step"] < told["steps"]:
            left[role] = f"at update {told['step']:,} of {told['steps']:,}"
    return left


def main(arguments: list[str]) -> int:
    """Bundle all models, or say which are not finished."""
    build = Path(arguments[0] if arguments else "offline/build")
    left = unfinished(build)
    if left:
        told = "; ".join(f"the {role} is {state}" for role, state in left.items())
        sys.stderr.write(f"Nothing was bundled: {told}. Run make models again to go on.\n")
        return 1
    for role in ROLES:
        print(add(role, build / role / "model"))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
