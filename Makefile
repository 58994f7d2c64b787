# Two commands for a newcomer: make demo, make test. Each makes its own virtual environment.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test test-cluster check bench clean

$(VENV)/.operator: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[operator]'
	@touch $@

$(VENV)/.test: $(VENV)/.operator
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	@touch $@

$(VENV)/.bench: $(VENV)/.operator
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[bench]'
	@touch $@

demo: $(VENV)/.operator  ## a city's year from messy files to a judged report, in demo/
	$(BIN)/python examples/panzhihua/demo.py demo

test: $(VENV)/.test  ## every check and test
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile
	@command -v java >/dev/null || echo 'Java 17 is missing: the Spark tests and the cluster test cannot run'

test-cluster: $(VENV)/.test  ## a Spark cluster of three Java processes, one of which is killed in the middle of a report
	@command -v java >/dev/null || { echo 'Java 17 is missing: the cluster test cannot run'; exit 1; }
	$(BIN)/python -m pytest tests/cluster -m cluster

check: $(VENV)/.test  ## only what reads the code
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: $(VENV)/.bench  ## every figure beside its floor or peer, into bench/RESULTS.md; SCALE=tenth prints the smaller city's alone
	$(BIN)/python -m bench $(if $(SCALE),--scale $(SCALE))

clean:
	rm -rf $(VENV) demo
