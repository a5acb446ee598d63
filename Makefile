# What a newcomer needs: `make demo` and `make test`. Both build the environment first.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: help setup demo test signatures lint types layers unit docs bench chaos matrix clean
.DEFAULT_GOAL := help

help:  ## What can be made here
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

setup: $(VENV)/.ready  ## Build the environment in .venv

$(VENV)/.ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group dev --editable '.[ee,emulator,raster]'
	@touch $@

demo: setup  ## Run the quick-start DAG in a real Airflow against the emulator
	@$(BIN)/python -m tests.airflow.demo

test: lint types layers unit  ## Lint, types, layering and every test

signatures: setup  ## Write the signatures of operators from tools/arguments.py
	$(BIN)/python -m tools.spell_out

lint: setup
	$(BIN)/python -m tools.spell_out --check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup
	$(BIN)/mypy

layers: setup
	$(BIN)/lint-imports

# A test that hangs shows where it does, and ends.
ENDING := -o faulthandler_timeout=900 -o faulthandler_exit_on_timeout=true

# What runs an Airflow runs alone: its processes need both cores of a small machine.
unit: setup
	$(BIN)/pytest $(ENDING) -n 2 --dist loadgroup -m "not services"
	$(BIN)/pytest $(ENDING) -m services

$(VENV)/.chaos: $(VENV)/.ready
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group chaos
	@touch $@

$(VENV)/.peers: $(VENV)/.chaos
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group peers
	@touch $@

$(VENV)/.docs: $(VENV)/.ready
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group docs
	@touch $@

docs: $(VENV)/.docs  ## Build the documentation site in docs/_build
	$(BIN)/sphinx-build --fail-on-warning --keep-going --quiet -b html docs docs/_build

bench: $(VENV)/.peers  ## Measure import cost, throughput, pixels, and waiting by the ten thousand
	$(BIN)/pytest -s tests/benchmarks

chaos: $(VENV)/.chaos  ## Kill an Airflow on PostgreSQL again and again; SEED=... replays
	$(BIN)/pytest -s tests/chaos

matrix:  ## Discovery and the tests without services, on the lowest and the newest Airflow
	PYTHON=$(PYTHON) sh tests/matrix/run

clean:  ## Remove the environment and every cache
	rm -rf $(VENV) .venv-* .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
