"""Racing: steps carried out at the same time, each from a connection of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import replace
from threading import Barrier
from typing import TypeVar

from earmark.database.opening import open as open_database
from earmark.scenarios.reading import Step
from earmark.scenarios.scene import Scene

Found = TypeVar("Found")


def race(scene: Scene, steps: Sequence[Step], play: Callable[[Scene, Step], Found]) -> list[Found]:
    """Play steps concurrently; what each of them found, in the order of the steps.

    Every racer has the database opened for itself, as another program would, and all of them
    start when the last is ready.
    """
    start = Barrier(len(steps))

    def run(racer: Scene, step: Step) -> Found:
        start.wait()
        return play(racer, step)

    with ExitStack() as opened:
        racers = [
            replace(
                scene,
                database=opened.enter_context(closing(open_database(scene.url, scene.clock))),
            )
            for _ in steps
        ]
        with ThreadPoolExecutor(len(steps)) as pool:
            found = list(pool.map(run, racers, steps))
    scene.moment = max(racer.moment for racer in racers)
    scene.outcome = None
    return found
