# Every target sets up what it needs: a virtual environment with hash-pinned packages. `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help setup demo test soak lint types bench docs lock clean
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
export PATH := $(CURDIR)/$(BIN):$(PATH)
export DVC_NO_ANALYTICS := 1
export GX_ANALYTICS_ENABLED := false
export DVC_STUDIO_OFFLINE := 1
export PYTHONDONTWRITEBYTECODE :=
# As pip does: also trust what this machine trusts, such as a company's proxy.
ifneq ($(wildcard /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt),)
export UV_SYSTEM_CERTS := 1
endif

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-7s %s\n", $$1, $$2}' Makefile

setup: $(STAMP) ## Create .venv and install the pinned dependencies

$(STAMP): pyproject.toml requirements/lock.txt requirements/bootstrap.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/bootstrap.txt
	@VIRTUAL_ENV="$(CURDIR)/$(VENV)" $(BIN)/uv pip sync --quiet --require-hashes requirements/lock.txt
	@$(BIN)/python -m ensurepip --upgrade > /dev/null
	@VIRTUAL_ENV="$(CURDIR)/$(VENV)" $(BIN)/uv pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

demo: setup ## Watch a model go stale, be retrained, proposed, merged and rendered
	@$(BIN)/perennial demo

test: setup lint types ## Lint, types, and all tests but the slow ones
	@$(BIN)/python -m pytest -n 2 --dist worksteal -m "not slow" tests

soak: setup ## The slow tests: real trainings killed at many moments, many processes at once (over an hour)
	@$(BIN)/python -m pytest -n 2 --dist worksteal -m slow tests
	@$(BIN)/python -m pytest -n 2 --dist worksteal --hypothesis-profile thorough tests/property

lint: setup ## ruff, the layers of the architecture, and the workflows
	@$(BIN)/ruff check reconciler tests docs datasets benchmarks
	@$(BIN)/ruff format --check --quiet reconciler tests docs datasets benchmarks
	@$(BIN)/lint-imports
	@$(BIN)/yamllint --strict .github
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	@$(BIN)/zizmor --offline --no-progress --quiet --min-severity low .github
	@$(BIN)/python -m tests.workflows | xargs -0 -n 1 sh -c 'printf "%s" "$$1" | $(BIN)/shellcheck --shell bash -' -
	@$(BIN)/shellcheck .ci/run
	@if command -v actionlint > /dev/null; then actionlint; fi

types: setup ## mypy --strict
	@$(BIN)/mypy

bench: setup ## Measure against the peers, and write docs/reference/benchmarks.md
	@$(BIN)/python -m benchmarks.run

docs: setup ## Write the generated reference pages, and check links, examples and commands
	@$(BIN)/python docs/generate.py
	@$(BIN)/python -m pytest tests/golden/test_docs.py

lock: setup ## Pin the dependencies again
	@$(BIN)/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet -o requirements/lock.txt

clean: ## Remove everything that can be made again
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist
