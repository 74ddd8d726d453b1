"""Every scenario holds, on both databases: our own, and those shared beside the checkout."""

from pathlib import Path

import pytest

from earmark.scenarios import Status, check, run, told, told_problem

OURS = Path(__file__).parent / "cases"
SHARED = Path(__file__).parents[3] / "shared" / "scenarios"
FOLDERS = [folder for folder in (OURS, SHARED) if folder.is_dir()]

folders = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)


@folders
def test_every_scenario_file_is_well_formed(folder: Path) -> None:
    assert not list(map(told_problem, check([folder])))


@folders
def test_no_scenario_fails(folder: Path, database_url: str) -> None:
    results = list(run([folder], database_url))
    failed = [told(result) for result in results if result.status is Status.FAILED]
    assert not failed, "\n".join(failed)
    assert any(result.status is Status.PASSED for result in results)


def test_every_scenario_of_ours_is_run(database_url: str) -> None:
    assert {result.status for result in run([OURS], database_url)} == {Status.PASSED}
