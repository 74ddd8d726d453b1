"""How fast Earmark is: each workload beside its floor, in one run, on one machine and database.

The floor is the same durable work in hand-written SQL through the same driver, doing nothing else:
no rules, no history, no idempotency. Machines are shared and noisy, so product and floor take
turns, and what counts is their ratio: the median of several runs, with its spread.

    python -m bench --quick                    under a minute, for a look
    python -m bench --json measured.json       all sizes, on SQLite and PostgreSQL
    python -m bench --only W7 --database postgresql
"""
