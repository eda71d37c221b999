# The habits of this house. `make help` lists them.
PYTHON ?= python3
BIN := .venv/bin
export SHIRUSHI_CORPORA ?= $(abspath ../shared/corpora)
JOBS ?= 2

help: ## list the habits
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.venv: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch .venv

demo: .venv ## run a trust domain: sign, seal, time-stamp, validate (ARGS=--once to stop afterwards)
	$(BIN)/shirushi demo $(ARGS)

# The portal's tests run by themselves: a browser's driver keeps an event loop running in its process, and others start theirs.
test: .venv check ## every check and the tests, within minutes
	$(BIN)/pytest -n $(JOBS) -m "not long" --ignore tests/portal $(ARGS)
	$(BIN)/pytest -n $(JOBS) -m "not long" tests/portal $(ARGS)

test-long: .venv ## the long proofs as well
	$(BIN)/pytest -n $(JOBS) --ignore tests/portal $(ARGS)
	$(BIN)/pytest -n $(JOBS) tests/portal $(ARGS)

check: .venv ## ruff, mypy strict, import contracts, file sizes, the catalogue in both languages
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -P tests/check_house.py

bench: .venv ## measure, print JSON
	$(BIN)/python -m benchmarks $(ARGS)

fuzz: .venv ## run every fuzz target for a while (SECONDS_EACH=20, ARGS=names)
	$(BIN)/python -m tests.fuzz $(ARGS)

docs: .venv ## make the tables and pictures in docs/ from runs
	set -e; for script in docs/make_*.py; do $(BIN)/python $$script; done

graph: .venv ## draw the floors from the imports into docs/
	$(BIN)/python docs/make_graph.py

lock: ## resolve pyproject.toml into requirements.lock, with hashes
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --extra dev --no-emit-find-links --no-emit-index-url --custom-compile-command "make lock" -o requirements.lock pyproject.toml requirements.build

system: ## install the Debian packages that the tests need (root)
	apt-get update
	DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $$(grep -v '^\#' tests/debian-packages.txt)
	command -v npm || DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends npm # some nodejs packages bring it, and refuse Debian's

clean: ## remove what the habits made
	rm -rf .venv shirushi-data .mypy_cache .ruff_cache .import_linter_cache build dist

.PHONY: help demo test test-long check bench fuzz docs graph lock system clean
