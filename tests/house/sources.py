"""The project's own Python files."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_GENERATED = "migrations/versions/"


def sources() -> list[str]:
    """Return the paths of Python files, relative to the root: those git tracks and those it would."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"],  # noqa: S607 - whichever git
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = sorted(set(listed.stdout.split()))
    return [path for path in paths if not path.startswith(_GENERATED) and (ROOT / path).exists()]
