"""Many commands at random, everything crossed: `python -m tests.simulation --help`."""

import argparse
import sys
import time
from collections import Counter
from random import SystemRandom

import earmark
from tests import postgres
from tests.simulation.acts import Act
from tests.simulation.playing import Found, Player, make_run
from tests.simulation.shortening import shortened, told

LENGTH = 120
"""So many acts a shop: small shops are read quickly, and numbers meet in them."""


def main() -> int:
    """Run, and print what was found, made short."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--commands", type=int, default=2000)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(10**6))
    parser.add_argument("--most", type=int, default=1, help="stop after so many findings")
    parser.add_argument("--whole", action="store_true", help="do not make findings short")
    asked = parser.parse_args()
    print(f"seed {asked.seed}, {asked.commands} commands, {asked.database}", flush=True)
    server = postgres.start() if asked.database == "postgresql" else None
    try:
        return run(asked, server)
    finally:
        if server is not None:
            server.stop()


def run(asked: argparse.Namespace, server: postgres.Server | None) -> int:
    """Shop after shop, until enough has been done or found."""
    counts: Counter[str] = Counter()
    began, acts_done, findings, seed = time.monotonic(), 0, 0, asked.seed
    while acts_done < asked.commands and findings < asked.most:
        player = Player(opened(server))
        acts: list[Act] = []
        try:
            make_run(seed, LENGTH, player, acts)
        except Found as wrong:
            findings += 1
            print(f"FOUND, seed {seed}, act {len(acts)}: {wrong}", flush=True)
            if not asked.whole:
                acts = shortened(acts, str(wrong), lambda: opened(server))
            print(told(acts), flush=True)
        finally:
            player.database.close()
        acts_done += len(acts) if findings == 0 else LENGTH
        counts.update(player.counts)
        seed += 1
    seconds = time.monotonic() - began
    seeds = f"seeds {asked.seed} to {seed - 1}"
    print(f"{acts_done} acts in {seconds:.0f} s, {findings} findings; {seeds}")

    print(", ".join(f"{name} {count}" for name, count in sorted(counts.items())))
    return 1 if findings else 0


_names = iter(range(10**9))


def opened(server: postgres.Server | None) -> earmark.Database:
    """A fresh database."""
    if server is None:
        return earmark.open("sqlite:///:memory:")
    name = f"sim{next(_names)}"
    server.create_database(name)
    return earmark.open(server.url(name))


if __name__ == "__main__":
    sys.exit(main())
