"""Take every address out of package-lock.json: where a file came from, where to send money.

`make lock` runs this; npm installs from its configured registry and checks the hashes as before.
"""

import json
from pathlib import Path

LOCK = Path(__file__).resolve().parent.parent / "package-lock.json"


def main() -> None:
    """Rewrite the lock in npm's own form, without `resolved` and `funding`."""
    lock = json.loads(LOCK.read_text("utf-8"))
    for package in lock["packages"].values():
        package.pop("resolved", None)
        package.pop("funding", None)
    LOCK.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
