# Everything a newcomer needs; `make` alone lists it. Needs python3 (3.11 or newer) with venv, make and git.
.DEFAULT_GOAL := help
.PHONY: help setup demo test test-fast test-browser lint format ui docs mutants properties fuzz bench clean

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO := demo
SIZES ?= 1,10,100
EXAMPLES ?= 20000
FUZZ_SECONDS ?= 240
PICTURES ?=
OLDEST_CLIENT := $(VENV)/oldest-duckdb-client

help:  ## List the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: $(VENV)/.installed  ## Make .venv and install what requirements.lock says; quick when nothing changed

$(VENV)/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "MRBS needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version). Try: make PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || \
		{ echo "python3 can't make a virtual environment; on Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "Installing into $(VENV): some minutes the first time"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
		--requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

# The oldest DuckDB client that must be able to open what is published, for the test that asks it.
$(OLDEST_CLIENT)/.installed: requirements-oldest-client.lock $(VENV)/.installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --upgrade \
		--target $(OLDEST_CLIENT) --requirement requirements-oldest-client.lock || \
		echo "No DuckDB 1.2 for this Python: the test that needs it will be skipped"
	@mkdir -p $(OLDEST_CLIENT) && touch $@

demo: setup  ## Simulate a trial and load two nights of it
	@$(BIN)/mrbs demo $(DEMO)

ui: setup  ## Dagster (webserver and daemon) on the demo, at http://127.0.0.1:3000
	@test -d $(DEMO)/warehouse || $(BIN)/mrbs demo $(DEMO)
	@MRBS_LANDING_DIR=$(CURDIR)/$(DEMO)/landing MRBS_WAREHOUSE_DIR=$(CURDIR)/$(DEMO)/warehouse \
		MRBS_SITES_FILE=$(CURDIR)/$(DEMO)/sites.yml MRBS_SETTLE_SECONDS=0 DAGSTER_HOME=$(CURDIR)/$(DEMO)/dagster \
		$(BIN)/dagster dev -w docs/deployment/workspace-engineers.yaml

test: setup $(OLDEST_CLIENT)/.installed  ## All tests
	@$(BIN)/python -m pytest -n 2 --dist loadfile

test-fast: setup  ## The tests that need no whole load, other process or browser
	@$(BIN)/python -m pytest -m "not slow" -q -n 2 --dist loadfile

test-browser: setup  ## Dagster's pages in the system's Chromium (PICTURES=docs/pictures keeps what is seen)
	@MRBS_PICTURES=$(PICTURES) $(BIN)/python -m pytest tests/browser

lint: setup  ## ruff, mypy, sqlfluff
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/sqlfluff lint dbt_project/models --processes 2 --disable-progress-bar

format: setup  ## Let ruff and sqlfluff mend what they can
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@$(BIN)/sqlfluff fix dbt_project/models --processes 2 --disable-progress-bar

docs: setup  ## Make the generated pages of docs/ again
	@$(BIN)/python -m orchestration.publication.tables_page
	@$(BIN)/python -m orchestration.checks.rules_page

mutants: setup  ## Change the SQL in hundreds of ways and show that the golden cases notice each (some minutes)
	@$(BIN)/python -m tests.mutants

properties: setup  ## Random trials, derived twice, until they disagree (EXAMPLES=20000 subjects)
	@$(BIN)/python -m tests.properties --examples $(EXAMPLES)

fuzz: setup  ## Damaged files at every reader until one neither reads nor refuses (FUZZ_SECONDS=240 in all)
	@$(BIN)/python -m tests.fuzz --seconds $(FUZZ_SECONDS)

bench: setup  ## Measure loads at 1, 10 and 100 times the real trial and the readers of exports (an hour; SIZES=1 for the first alone)
	@$(BIN)/python -m tests.bench --sizes $(SIZES)
	@$(BIN)/python -m tests.bench --formats

clean:  ## Remove the demo and everything that is made again by itself
	rm -rf $(DEMO) dbt_project/target .pytest_cache .mypy_cache .ruff_cache
