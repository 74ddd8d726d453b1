"""What we carry of others is what its maker published, under a licence that stands beside it."""

import hashlib
import tomllib

from tests.house.source import PACKAGE

WEB = PACKAGE / "web"
OURS = {".css", ".js", ".svg", ".txt"}


def test_every_vendored_file_has_the_hash_and_the_licence_of_its_manifest() -> None:
    listed = tomllib.loads((WEB / "vendored.toml").read_text(encoding="utf-8"))["file"]
    for file in listed:
        content = (WEB / file["path"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == file["sha256"], file["path"]
        assert (WEB / file["license_file"]).exists(), file["path"]
        assert file["version"] in file["path"]


def test_no_file_of_others_is_carried_without_being_listed() -> None:
    listed = tomllib.loads((WEB / "vendored.toml").read_text(encoding="utf-8"))["file"]
    known = {WEB / file["path"] for file in listed}
    carried = [path for path in (WEB / "static").rglob("*") if path.is_file()]
    strange = [p for p in carried if p.suffix not in OURS and p not in known]
    assert not strange, strange
    assert not [p for p in carried if ".min." in p.name or "node_modules" in p.parts]
