"""Many commands at random, everything crossed: `python -m tests.simulation --help`."""

import argparse
import sys
import time
from collections import Counter
from random import SystemRandom

from tests.simulation.comparing import compared
from tests.simulation.places import ENGLISH, PLACES, SQLITE, C, Open, places
from tests.simulation.scenario import as_story
from tests.simulation.stories import Told, shop_of, shortened, tell

LENGTH = 150
"""So many steps a shop: small shops are read quickly, and numbers meet in them."""


def main() -> int:
    """Run, and print what was found, made short."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--commands", type=int, default=2000)
    parser.add_argument("--database", choices=(*PLACES, "all"), default=SQLITE)
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(10**6))
    parser.add_argument("--most", type=int, default=1, help="stop after so many kinds of finding")
    parser.add_argument("--whole", action="store_true", help="do not make findings short")
    asked = parser.parse_args()
    print(f"seed {asked.seed}, {asked.commands} commands, {asked.database}", flush=True)
    wanted = (SQLITE, C, ENGLISH) if asked.database == "all" else (asked.database,)
    with places(wanted) as opens:
        return run(asked, opens)


def run(asked: argparse.Namespace, opens: dict[str, Open]) -> int:
    """Shop after shop, until enough has been done or found."""
    counts: Counter[str] = Counter()
    found: Counter[str] = Counter()
    first = next(iter(opens.values()))
    began, steps, seed = time.monotonic(), 0, asked.seed
    while steps < asked.commands and len(found) < asked.most:
        told = tell(seed, LENGTH, first)
        if told.wrong is None and len(opens) > 1:
            told.wrong = compared(seed, told.steps, opens)
        steps += len(told.steps)
        counts.update(told.counts)
        if told.wrong is not None:
            found[told.wrong.kind] += 1
            if found[told.wrong.kind] == 1:
                report(told, first, whole=asked.whole)
        seed += 1
    seconds = time.monotonic() - began
    print(", ".join(f"{name} {count}" for name, count in sorted(counts.items())))
    seeds = f"seeds {asked.seed} to {seed - 1}"
    print(f"{steps} commands in {seconds:.0f} s, {found.total()} findings; {seeds}")
    return 1 if found else 0


def report(told: Told, opens: Open, *, whole: bool) -> None:
    """Print what was found and the few steps that show it."""
    print(f"FOUND, seed {told.seed}: {told.wrong}", flush=True)
    steps = told.steps
    if not whole and told.wrong is not None and told.wrong.check != "databases differ":
        steps = shortened(told, opens)
    print(f"{told.wrong}\n{as_story(shop_of(told.seed), steps, f'Seed {told.seed}')}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
