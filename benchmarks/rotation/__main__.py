"""Prints how long a rotation of keys takes under load, killed several times, and whether any read failed meanwhile."""

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.audit.stage import stage
from benchmarks.rotation.load import Plan, rotate_under_load
from benchmarks.rotation.rows import Keys
from utils.encryption import generate_key


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=100_000, help="messages, and a tenth as many people")
    options.add_argument("--kills", type=int, default=5)
    options.add_argument("--batch", type=int, default=500, help="rows in a transaction")
    asked = options.parse_args()
    with stage(durable=False) as (url, _key, _folder), TemporaryDirectory() as storage:
        keys = Keys(*(generate_key() for _ in range(4)))
        found = rotate_under_load(url, Path(storage), keys, Plan(asked.rows, asked.kills, asked.batch))
    print(f"{asked.rows} messages and {asked.rows // 10} people, killed {found.kills} times: {found.seconds:.1f} s")
    print(f"{found.renewed} rows renewed, {found.left} left under older keys, {found.indexed} people indexed anew")
    print(f"{found.reads} reads and {found.writes} writes meanwhile, {len(found.failed)} failed")
    for failure in found.failed[:5]:
        print(f"  {failure}")


if __name__ == "__main__":
    main()
