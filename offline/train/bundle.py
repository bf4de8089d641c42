"""Put the finished models into the package: python -m train.bundle [offline/build [FOLDER]]."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from acclimate_offline.bundle import MODELS, ROLES, add
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
    """Bundle the finished models, and say which are not."""
    build = Path(arguments[0]) if arguments else Path("offline/build")
    models = Path(arguments[1]) if len(arguments) > 1 else MODELS
    left = unfinished(build)
    for role in ROLES:
        if role not in left:
            print(add(role, build / role / "model", models=models))
    if left:
        told = "; ".join(f"the {role} is {state}" for role, state in left.items())
        sys.stderr.write(f"Not bundled: {told}. Run make models again to go on.\n")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
