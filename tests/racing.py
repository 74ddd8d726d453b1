"""Runs things at the same instant, in threads and in processes, and gathers what each answered."""

import multiprocessing
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.synchronize import Barrier
from typing import TypeVar

import earmark

PATIENCE_S = 60

Answer = TypeVar("Answer")
Act = Callable[[earmark.Database], earmark.Outcome]


def answer_of(act: Callable[[], Answer]) -> Answer | earmark.EarmarkError:
    """What something answers, a refusal being an answer."""
    try:
        return act()
    except earmark.EarmarkError as refusal:
        return refusal


def together(acts: Iterable[Callable[[], Answer]]) -> list[Answer | earmark.EarmarkError]:
    """Run all of them, each in a thread of its own, none before all are ready."""
    every = list(acts)
    ready = threading.Barrier(len(every))

    def run(act: Callable[[], Answer]) -> Answer | earmark.EarmarkError:
        ready.wait(PATIENCE_S)
        return answer_of(act)

    with ThreadPoolExecutor(len(every)) as threads:
        return list(threads.map(run, every))


def in_processes(url: str, commands: Iterable[earmark.Reserve]) -> list[str]:
    """Reserve, each in a process of its own, none before all are ready.

    Gives back of each how much was reserved, or the code of the refusal.
    """
    every = list(commands)
    fresh = multiprocessing.get_context("spawn")
    ready, answers = fresh.Barrier(len(every)), fresh.SimpleQueue()
    runners = [
        fresh.Process(target=_reserve, args=(url, command, ready, answers)) for command in every
    ]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join(PATIENCE_S)
    assert [runner.exitcode for runner in runners] == [0] * len(every)
    return [answers.get() for _ in every]


def _reserve(
    url: str,
    command: earmark.Reserve,
    ready: Barrier,
    answers: "multiprocessing.SimpleQueue[str]",
) -> None:
    database = earmark.open(url)
    ready.wait(PATIENCE_S)
    answer = answer_of(lambda: earmark.reserve(database, command))
    told = answer.code if isinstance(answer, earmark.EarmarkError) else f"{answer.reserved:f}"
    answers.put(told)
    database.close()
