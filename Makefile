# The one list of what can be done here. Every target sets up what it needs; `make` alone prints the list.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
MINUTES ?= 10
TARGET ?= all
BIN := .venv/bin
UV := $(BIN)/uv
# Each of the workers loads every test: what they compile is kept, whatever the shell says, or each compiles it all anew.
BYTECODE := PYTHONDONTWRITEBYTECODE= PYTHONPYCACHEPREFIX=$(CURDIR)/.pycache

help: ## Print this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: .venv/runtime.stamp ## Run the main job on a real three-broker Kafka (under two minutes once downloads are cached)
	@$(BIN)/accord demo

check: .venv/dev.stamp ## Format, lint, types, imports and the fast tests (under two minutes)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BYTECODE) $(BIN)/pytest -n 4 --dist worksteal -m "not kafka and not soak and not clients"

test: check ## All of check, then the tests on a real Kafka and everything else
	@$(BIN)/pytest -m "kafka or soak or clients"

bench: bench-sdk bench-registry bench-contracts ## Print speed as ratios against a peer measured in the same run

bench-sdk: .venv/dev.stamp ## Print what the SDK costs a record beside its peers, and keep it in benchmarks/results
	@$(BIN)/python -m benchmarks.sdk

bench-registry: .venv/dev.stamp ## Print what the registry carries on one core, and keep it in benchmarks/results (under six minutes)
	@$(BIN)/python -m benchmarks.registry

bench-contracts: .venv/dev.stamp ## Print what checking contracts costs beside its peers, and keep it in benchmarks/results
	@$(BIN)/python -m benchmarks.contracts

fuzz: .venv/dev.stamp ## Throw odd input at whatever reads input: MINUTES=10 for each TARGET=all
	@nice $(BIN)/python -m fuzz $(TARGET) --minutes $(MINUTES)

docs: .venv/dev.stamp ## Write the reference pages that are made from the code
	@$(BIN)/python docs/generate.py

format: .venv/dev.stamp ## Format the code and mend what the linter can mend
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .

lock: .venv/uv.stamp ## Resolve the dependencies anew and write the hashed requirement files
	@for set in runtime dev; do \
	  groups="--group build"; [ $$set = dev ] && groups="--group dev"; \
	  $(UV) pip compile --quiet --upgrade --universal --generate-hashes --python-version 3.11 --no-header --no-annotate \
	    --all-extras $$groups pyproject.toml -o requirements/$$set.txt || exit 1; \
	done
	@echo 'datacontract-cli>=1.2.8' | $(UV) pip compile --quiet --upgrade --universal --generate-hashes --python-version 3.11 \
	  --no-header --no-annotate - -o requirements/datacontract.txt

lock-jars: .venv/runtime.stamp ## Resolve the jars of Kafka and of Avro's compiler anew and write src/accord/cluster/*.lock
	@$(BIN)/python -m accord.cluster.lock

clean: ## Remove everything that the other targets made in this folder
	@if [ -x $(BIN)/accord ]; then for home in .accord/cluster .accord/demo/cluster; do \
	  $(BIN)/accord --quiet cluster --dir $$home down || true; \
	done; fi
	@rm -rf .venv .accord fuzz/corpus fuzz/findings .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .pycache dist
	@find src tests fuzz -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/uv.stamp: requirements/uv.txt
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed: apt-get install python3 python3-venv (or set PYTHON=/path/to/python3)"; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(not ((3, 11) <= sys.version_info < (3, 15)))' || { echo "Accord needs Python 3.11 to 3.14, and $(PYTHON) is $$($(PYTHON) --version): set PYTHON=/path/to/a/newer/python3"; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv module is missing: apt-get install python3-venv"; exit 2; }
	@echo "Setting up .venv ..."
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

.venv/runtime.stamp: .venv/uv.stamp requirements/runtime.txt pyproject.toml
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/runtime.txt
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev.stamp: .venv/runtime.stamp requirements/dev.txt
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@touch $@

.PHONY: help demo check test bench bench-sdk bench-registry bench-contracts docs fuzz format lock lock-jars clean
