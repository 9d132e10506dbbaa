# Everything is done through these targets; `make help` lists them.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= $(shell command -v python3.11 || command -v python3 || echo python3.11)
SPAN ?= 1..2

BIN := .venv/bin
INSTALLED := .venv/.installed
UV := $(shell command -v uv || echo .tools/bin/uv)
SOURCES := $(wildcard headrace components pipelines tests tools benchmarks)
LOCK_OPTIONS := --quiet --universal --generate-hashes --no-header

# Without byte code every process that needs TensorFlow compiles some 3,500 modules again.
unexport PYTHONDONTWRITEBYTECODE
export UV_PYTHON_DOWNLOADS := never

.PHONY: help run test test-all test-crash format lint types metrics bench docs lock resolve clean

help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "%-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(INSTALLED)  ## Run the flights pipeline on its first months (SPAN=1..2) and print what came out
	$(BIN)/python -m pipelines.flights.data --spans $(SPAN)
	$(BIN)/headrace run flights --span $(SPAN)

test: $(INSTALLED)  ## Run the default tests; what lacks its server skips and says so
	$(BIN)/python -m pytest -m "not slow and not crash" -ra

test-all: $(INSTALLED)  ## Run every test; a skip is a failure
	$(BIN)/python -m pytest -p tests.no_skips -ra

test-crash: $(INSTALLED)  ## Kill a penguins run at 20 random moments and run it again each time
	HEADRACE_TEST_KILLS=20 $(BIN)/python -m pytest -m crash -ra

format: $(INSTALLED)  ## Format the code and sort its imports
	$(BIN)/ruff check --select I --fix $(SOURCES)
	$(BIN)/ruff format $(SOURCES)

lint: $(INSTALLED)  ## Check style, format and the import contracts
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/lint-imports

types: $(INSTALLED)  ## Check the types, strictly
	$(BIN)/mypy $(SOURCES)

metrics: $(INSTALLED)  ## Print the shape of the code beside that of well-known code bases
	$(BIN)/python -m tools.metrics_table

bench: $(INSTALLED)  ## Measure what the README's figures come from
	$(BIN)/python -m benchmarks

docs: $(INSTALLED)  ## Write the generated tables of docs/
	$(BIN)/headrace components -o md > docs/components.md

lock: $(UV)  ## Resolve the dependencies again and write the lock files
	$(UV) pip compile pyproject.toml $(LOCK_OPTIONS) --python-version 3.11 --extra run --extra demo --group dev -o requirements-tf216.lock
	$(UV) pip compile pyproject.toml $(LOCK_OPTIONS) --python-version 3.12 --extra run --extra demo --group dev -o requirements-tf221.lock
	echo 'uv>=0.8,<1' | $(UV) pip compile - $(LOCK_OPTIONS) --python-version 3.11 -o requirements-uv.lock

resolve: $(UV)  ## Check that the TensorFlow 2.21 line can be installed where its glibc is
	for python in 3.12 3.13; do $(UV) pip install --quiet --dry-run --target .tools/dry-run --python-version $$python \
	  --python-platform x86_64-manylinux_2_39 --require-hashes --requirement requirements-tf221.lock; done

clean:  ## Delete the environment and the caches; runs, data and served models stay
	rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage htmlcov dist build
	find $(SOURCES) -name __pycache__ -type d -prune -exec rm -rf {} +

$(INSTALLED): pyproject.toml requirements-tf216.lock requirements-tf221.lock tools/choose_lock.py | $(UV)
	$(PYTHON) tools/choose_lock.py > /dev/null
	test -x $(BIN)/python || $(UV) venv --quiet --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" .venv
	lock=$$($(BIN)/python tools/choose_lock.py) && $(UV) pip sync --python $(BIN)/python --require-hashes --compile-bytecode "$$lock"
	$(UV) pip install --python $(BIN)/python --no-deps --no-build-isolation --editable .
	touch $@

.tools/bin/uv: requirements-uv.lock
	$(PYTHON) tools/choose_lock.py > /dev/null
	$(PYTHON) -m venv .tools
	echo '*' > .tools/.gitignore
	.tools/bin/pip install --quiet --require-hashes --requirement requirements-uv.lock
	touch $@
