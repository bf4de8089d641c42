# Every command a person needs. `make help` lists them.
# The environment is made once and again only when pyproject.toml changes.

PYTHON ?= python3
VENV ?= .venv
# Installed first: a bare "torch" may bring gigabytes of GPU libraries.
TORCH ?= torch==2.13.0
OUT ?= .demo
BENCH ?= quality/adapt.py
# Of `make models`: the folder of the training pairs, and where models are made.
DATA ?=
BUILD ?= offline/build

BIN := $(VENV)/bin
# Our own small models, where they are in the source tree.
OWN := $(if $(wildcard offline/src/acclimate_offline/models/manifest.json),--editable ./offline)
DEMO := $(VENV)/.demo-installed
DEV := $(VENV)/.dev-installed
TRAIN := PYTHONPATH=offline:offline/src $(BIN)/python -m train
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
SOURCES := src offline tests examples benchmarks docs
CHECKS := format lint types floors dependencies documents laws

# Nothing here asks a model hub.
export HF_HUB_OFFLINE = 1
export TOKENIZERS_PARALLELISM = false

.DEFAULT_GOAL := help
.PHONY: help demo test check fix bench docs models models-check clean $(CHECKS)

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(DEMO) ## adapt MiniLM to the API documentation of numpy, scipy and scikit-learn (10 minutes)
	$(BIN)/python examples/demo.py $(OUT)

test: $(DEV) ## run all tests (10 minutes)
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile tests

check: $(DEV) ## format, lint, types, floors, dependencies, generated documents, laws (90 seconds)
	@$(MAKE) --no-print-directory --jobs 2 --keep-going --output-sync=target $(CHECKS)

fix: $(DEV) ## repair format and lint, and write the generated documents again
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/ruff check --fix $(SOURCES)
	$(BIN)/python docs/generate.py

bench: $(DEV) ## run a benchmark: make bench BENCH=speed/peer_gpl.py ARGS="--help"
	$(BIN)/python benchmarks/$(BENCH) $(ARGS)

docs: $(DEV) ## write docs/methods.md, docs/reference.md and the README's tables
	$(BIN)/python docs/generate.py

models: $(DEMO) ## train and bundle the models of offline/: make models DATA=DIR [MINUTES=60], again to go on
	@test -n "$(DATA)" || { echo "Say where the training pairs are: make models DATA=DIR"; exit 1; }
	$(TRAIN).teacher --data $(DATA) --out $(BUILD)/teacher $(MINUTES:%=--minutes %)
	$(TRAIN).writer --data $(DATA) --out $(BUILD)/writer $(MINUTES:%=--minutes %)
	$(TRAIN).reader --data $(DATA) --out $(BUILD)/reader $(MINUTES:%=--minutes %)
	$(TRAIN).bundle $(BUILD)

models-check: $(DEMO) ## the bundled models: hashes, sizes, licences; each loads and answers
	PYTHONPATH=offline/src $(BIN)/python -m acclimate_offline

clean: ## remove the environment, the demo's output and the caches
	rm -rf $(VENV) $(OUT) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

format:
	$(BIN)/ruff format --check --quiet --output-format concise $(SOURCES)

lint:
	$(BIN)/ruff check --quiet --output-format concise $(SOURCES)

types:
	$(BIN)/mypy --no-error-summary

floors:
	$(BIN)/lint-imports --no-cache > $(VENV)/floors.log || { cat $(VENV)/floors.log; exit 1; }

dependencies:
	$(BIN)/deptry . 2> $(VENV)/deptry.log || { cat $(VENV)/deptry.log; exit 1; }
	$(BIN)/deptry offline/src --config offline/pyproject.toml 2> $(VENV)/deptry.log || \
		{ cat $(VENV)/deptry.log; exit 1; }

documents:
	$(BIN)/python docs/generate.py --check

laws:
	$(BIN)/python -m pytest --quiet -m "not integration" tests/laws tests/docs

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "acclimate needs Python 3.11 or later")'
	$(PYTHON) -m venv $(VENV)

$(DEMO): pyproject.toml | $(BIN)/python
	$(PIP) '$(TORCH)'
	$(PIP) --editable '.[demo]' $(OWN)
	@touch $@

$(DEV): pyproject.toml | $(BIN)/python
	$(PIP) '$(TORCH)'
	$(PIP) --editable '.[dev]' $(OWN)
	@touch $@ $(DEMO)
