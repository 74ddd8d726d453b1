"""Playing steps: each is done, and what came of it is judged by what the step says of it.

A step that is refused or previewed must have changed nothing, and neither must a request repeated
by its id; a preview must report what the same step then does. What does not hold is a ``Failure``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from earmark.core.outcome import Outcome
from earmark.errors import Conflict, EarmarkError
from earmark.scenarios.comparing import Difference, said, said_outcome, said_refusal
from earmark.scenarios.expecting import differences, verified
from earmark.scenarios.given import name_rows
from earmark.scenarios.picture import changes, picture_of
from earmark.scenarios.racing import race
from earmark.scenarios.reading import Step
from earmark.scenarios.scene import Answer, Scene, midnight
from earmark.scenarios.steps import do

MOST_TRIES = 100
"""How often a racing step is tried that always meets somebody who was first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Where a scenario failed: the step's number and line, and what does not hold after it."""

    step: str
    line: int
    text: str
    differences: tuple[Difference, ...]


def play(scene: Scene, step: Step) -> Failure | None:
    """Play a step that has the database for itself."""
    if step.verb != "together":
        return _failure(scene, step, list(_played(scene, step)))
    scene.previewed = None
    failures = race(scene, step.content, _play_racing)
    return next(filter(None, failures), None) or _failure(scene, step, [])


def _play_racing(scene: Scene, step: Step) -> Failure | None:
    """Play a step while others do theirs: who else changes something is not its business."""
    if step.verb in _TOLD:
        return _failure(scene, step, list(_played(scene, step)))
    answer = _answer(scene, step)
    for _ in range(MOST_TRIES):
        if not isinstance(answer, Conflict) or Conflict.code in (*step.refused, *step.may_refuse):
            break
        answer = _answer(scene, step)
    found = [*_judged(step, answer), *_kept(scene, step, answer)]
    return _failure(scene, step, found)


def _failure(scene: Scene, step: Step, found: list[Difference]) -> Failure | None:
    """The failure of a step, by what was found at once or by what it says of afterwards."""
    if not found and step.then is not None:
        found = differences(scene, step.then)
    if not found:
        return None
    return Failure(step=step.number, line=step.line, text=step.text, differences=tuple(found))


_TOLD = ("expect", "verify", "clock", "work_date")


def _played(scene: Scene, step: Step) -> Iterator[Difference]:
    match step.verb:
        case "expect":
            yield from differences(scene, step.content)
        case "verify":
            yield from verified(scene, step.line)
        case "clock":
            scene.clock.now = step.content
        case "work_date":
            scene.clock.now = midnight(step.content)
        case _:
            yield from _asked(scene, step)


# -- Commands ----------------------------------------------------------------------------------


def _asked(scene: Scene, step: Step) -> Iterator[Difference]:
    """Carry out a command and compare what came of it with all that is known of it."""
    first = scene.requests.get(step.request_id)
    is_repeated = first is not None and first[0] == step
    is_watched = step.is_preview or is_repeated or bool(step.refused or step.may_refuse)
    before = picture_of(scene.database) if is_watched else None
    answer = _answer(scene, step)
    yield from _judged(step, answer)
    if before is not None and (step.is_preview or is_repeated or not isinstance(answer, Outcome)):
        changed = changes(before, picture_of(scene.database))
        if changed:
            yield _different(step, "nothing changes", changed)
    if first is not None and is_repeated:
        yield from _as_before(step, "the first request", first[1], answer)
    if scene.previewed is not None and scene.previewed[0] == step and not step.is_preview:
        yield from _as_before(step, "the preview", scene.previewed[1], answer)
    scene.previewed = (step, answer) if step.is_preview else None
    yield from _kept(scene, step, answer)


def _answer(scene: Scene, step: Step) -> Answer:
    try:
        return do(scene, step)
    except EarmarkError as refusal:
        return refusal


def _judged(step: Step, answer: Answer) -> Iterator[Difference]:
    """Whether a command was refused, done and warned of as the step says."""
    codes = step.refused or step.may_refuse
    if isinstance(answer, EarmarkError):
        if answer.code not in codes:
            expected = "it is done" if not step.refused else f"refused with {' or '.join(codes)}"
            yield _different(step, expected, said_refusal(answer))
        return
    if step.refused:
        yield _different(step, f"refused with {' or '.join(codes)}", said_outcome(answer))
    missing = [code for code in step.warns if not answer.warns(code)]
    if missing:
        yield _different(step, f"warns of {' and '.join(missing)}", said_outcome(answer))


def _kept(scene: Scene, step: Step, answer: Answer) -> Iterator[Difference]:
    """Keep what later steps refer to: the outcome, the moment, the names and the request."""
    scene.outcome = answer if isinstance(answer, Outcome) else None
    if not isinstance(answer, Outcome) or step.is_preview:
        return
    scene.moment = max(scene.moment, answer.moment)
    if step.request_id:
        scene.requests.setdefault(step.request_id, (step, answer))
    if step.verb == "stock":
        name_rows(scene, step.content, answer)
    elif not isinstance(step.content, str):
        wrong = scene.name(step.content.get("as", ()), answer)
        if wrong:
            yield _different(step, "each name has its ledger entry", wrong)


def _as_before(step: Step, what: str, earlier: Answer, answer: Answer) -> Iterator[Difference]:
    expected, found = _report(earlier), _report(answer)
    if expected != found:
        yield _different(step, f"reports what {what} did: {expected}", found)


def _report(answer: Answer) -> str:
    """What an answer reports, without what two of the same can not share: their moments.

    Ledger entries are named by their place in the posting, for a preview has written none.
    """
    if isinstance(answer, EarmarkError):
        return f"refused with {answer.code}"
    places = {entry: f"entry {place} of its own" for place, entry in enumerate(answer.entries, 1)}
    moves = [
        replace(
            move,
            from_supply=places.get(move.from_supply, move.from_supply),
            to_supply=places.get(move.to_supply, move.to_supply),
        )
        for move in answer.moves
    ]
    releases = [
        replace(release, supply=places.get(release.supply, release.supply))
        for release in answer.releases
    ]
    figures = {
        "reserved": answer.reserved,
        "shortfall": answer.shortfall,
        "released": answer.released,
        "moves": moves,
        "releases": releases,
        "warns": [warning.code for warning in answer.warnings],
        "entries": len(answer.entries),
    }
    return said(figures)


def _different(step: Step, expectation: str, found: str) -> Difference:
    return Difference(line=step.line, expectation=expectation, found=found)
