# Everything happens in do.py, which needs nothing but Python; these are its words for the fingers.
# Arguments for a command: make test ARGS="-k late_binding"

DO := python3 do.py

.PHONY: check lint types arrows test coverage torture bench fix lock demo setup

check: ## all of CI: lint, types, arrows, tests
	$(DO) test $(ARGS)

lint types arrows coverage bench fix lock demo:
	$(DO) $@ $(ARGS)

test: ## the tests alone
	$(DO) pytest $(ARGS)

torture: ## a hundred thousand random commands on each database, then the same tests with far more examples: for a night
	.venv/bin/python -m tests.simulation --commands 100000 --database sqlite --most 20
	.venv/bin/python -m tests.simulation --commands 100000 --database postgresql --most 20
	.venv/bin/python -m tests.simulation --commands 10000 --database all --most 20
	EARMARK_PROFILE=torture $(DO) pytest $(ARGS)

setup: ## the development environment, in .venv
	$(DO) setup --test
