"""What is committed works elsewhere: it names no place of the machine it was written on."""

import re
from pathlib import Path

from tests.house.source import ROOT, place

WRITTEN = ("src", "tests", "bench", "docs", ".ci")
MEASURED = ".coverage"  # what coverage leaves behind, not committed
LOCKS = ("requirements.lock", "requirements-test.lock")


def committed_texts() -> dict[Path, str]:
    """Every text file of ours, by its path."""
    paths = [path for path in ROOT.iterdir() if path.is_file() and path.name != MEASURED]
    paths += [path for name in WRITTEN for path in (ROOT / name).rglob("*") if path.is_file()]
    texts = {}
    for path in paths:
        if not any(part.endswith(("__pycache__", "_cache")) for part in path.parts):
            texts[path] = path.read_bytes().decode("utf-8", errors="replace")
    return texts


def test_no_file_names_the_folder_it_was_written_in() -> None:
    # A checkout right below the root has too short a name to look for.
    here = {str(folder) for folder in (ROOT, Path.home()) if len(folder.parts) > 2}
    named = [
        f"{place(path)} {folder}"
        for path, text in committed_texts().items()
        for folder in here
        if re.search(rf"{re.escape(folder)}\b", text)
    ]
    assert not named, "\n".join(named)


def test_lock_files_hold_names_versions_and_hashes_and_no_address() -> None:
    plain = re.compile(
        r"#.*|[\w.-]+(\[[\w, -]+\])?==[^ ]+( ; [^\\]+)? \\| +--hash=sha256:[0-9a-f]{64}( \\)?"
    )
    strange = [
        f"{name}: {line}"
        for name in LOCKS
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines()
        if not plain.fullmatch(line) or "://" in line
    ]
    assert not strange, "\n".join(strange)
