# The commands of this project. `make help` lists them. Nothing is written outside the clone.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
PYTHON ?= python3
BIN := .venv/bin
RUN := $(BIN)/python -m otswatch

# A second start of a command or of the tests need not compile the first one's files anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo run stack stack-stop check test eval bench scale drill fuzz lock docs kibana clean
help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# Hash-pinned. What runs it comes first and alone, so that a demo need not wait for the tools of its developers.
.venv/run: requirements/run.lock
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes --no-deps -r requirements/run.lock
	touch $@

# The project itself, too, without letting pip resolve anything anew.
.venv/installed: .venv/run requirements/dev.lock pyproject.toml
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes --no-deps -r requirements/dev.lock
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

demo: .venv/run  ## show it all on a newsroom that it serves itself, no network needed
	$(RUN) demo

run: .venv/run  ## crawl on schedule, work on what comes, serve the page
	$(RUN) run

stack: .venv/run  ## start the real Kafka and Elasticsearch on free ports, and print their addresses
	$(BIN)/python -m deploy.stack start

stack-stop: .venv/run  ## end them
	$(BIN)/python -m deploy.stack stop

check: .venv/installed  ## lint, types, fast tests; under a minute
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -n 2 -m "not slow"

test: check  ## everything that a change must pass
	$(BIN)/pytest -n 2 --dist loadfile -m slow

eval: .venv/installed  ## quality on labelled pages, beside the tools it stands on
	$(BIN)/python -m benchmarks.eval

bench: .venv/installed  ## speed, embedded and on servers, as a ratio to bare trafilatura + htmldate on the same pages
	$(BIN)/python -m benchmarks.bench

scale: .venv/installed  ## index and search 100,000 generated articles on both indexes
	$(BIN)/python -m benchmarks.scale

drill: .venv/installed  ## kill the real processes at ten moments and compare with an undisturbed run
	$(BIN)/python -m benchmarks.realrun --drill

fuzz: .venv/installed  ## 10,000 pages made wrong on purpose: no crash, no hang, no date after the fetch, no false evidence
	$(BIN)/python -m benchmarks.fuzz

kibana: .venv/installed  ## write deploy/kibana anew, from otswatch/kibana/source
	$(BIN)/python -m otswatch.kibana write

docs: .venv/installed  ## write the generated parts of docs/ anew
	$(BIN)/python docs/generate.py

lock: .venv/installed  ## resolve the pinned versions anew (needs uv)
	uv pip compile pyproject.toml --universal --no-emit-index-url --generate-hashes -q --custom-compile-command "make lock" -o requirements/run.lock
	uv pip compile pyproject.toml --group dev --group eval --universal --no-emit-index-url --generate-hashes -q --custom-compile-command "make lock" -o requirements/dev.lock

clean:  ## remove what can be made again
	rm -rf .venv .cache build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
