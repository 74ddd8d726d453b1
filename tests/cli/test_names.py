"""Names as other systems have them, typed at the command line."""

import shlex

import pytest

from tests.cli.conftest import Shell
from tests.strange_names import NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_verb_takes_any_name(shell: Shell, name: str) -> None:
    said = shlex.quote(name)
    line = shlex.quote(f"{name}/1")
    for command in (
        f"setup tracking-code {said} --specific lot --case-matters",
        f"setup location {said} --bin {said}",
        f"setup customer {said}",
        f"item new {said} --tracking-code {said}",
        f"post adjust {said} --location {said} --quantity 5 --lot {said}",
    ):
        assert not shell(command).code, shell(command).err
    fields = shlex.quote(f"item={name},quantity=2,location={name}")
    assert not shell(f"order new sales {said} --customer {said} --line {fields}").code
    assert not shell(f"track add {line} --lot {said} --quantity 2").code
    assert shell(f"reserve {line} --lot {said} --json").json["reserved"] == "2"
    assert not shell(f"cancel {line} --all").code or not shell(f"cancel {line}").code
    assert not shell(f"reserve {said}").code
    for verb in ("window", "why", "order show", "track show"):
        shown = shell(f"{verb} {line}")
        assert not shown.code, (verb, shown.err)
        assert shlex.split(shown.out.replace("'", " ").replace('"', " ")) != []
    assert name in shell(f"order show {said}").out
    assert shell(f"history {said} --json").json
    assert not shell(f"stock --item {said} --location {said}").code
    assert not shell(f"post ship {said}").code
    assert not shell("verify").code


def test_case_matters_is_shown(shell: Shell) -> None:
    shell("setup tracking-code EXACT --specific lot --case-matters")
    assert "matters" in shell("setup show").out


def test_a_hint_can_be_typed_as_it_stands(shell: Shell) -> None:
    shell("item new X")
    shell("setup location EAST")
    shell("order new sales '#1001' --line item=X,quantity=1,location=EAST")
    assert "earmark reserve '#1001'" in shell("order show '#1001'").out
