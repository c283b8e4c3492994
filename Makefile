# make demo: recalculate the shipped sheet, compare the shipped alternatives, recalculate a filled-in claim, explain one amount. make test: lint, types, tests.
# Both make what they need in .venv and touch nothing else.

PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test lint bench lock clean

demo: .venv/.runtime
	$(BIN)/fardkost recalc demo/resor-2024-2026.xlsx --out demo/resor-2024-2026-beräknad.xlsx --show 12
	$(BIN)/fardkost compare demo/alternativ.xlsx --out demo/alternativ-jämförd.xlsx
	$(BIN)/fardkost form demo/reserakning-vecka.xlsx --out demo/reserakning-vecka-beräknad.xlsx
	$(BIN)/fardkost calc --explain 'TRAKTAMENTE("2024-03-04 12:00";"2024-03-06 20:00";"Sverige";"M, FhLM, FhL")'

test: .venv/.dev .venv/.tools lint
	$(BIN)/python -m pytest -n auto --dist loadfile

lint: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: .venv/.dev
	$(BIN)/python -m pip install -q --disable-pip-version-check openfisca-core==46.0.1 || echo "without OpenFisca-core"
	$(BIN)/python -m benchmarks.core
	$(BIN)/python -m benchmarks.batch

lock: .venv/.dev
	$(BIN)/uv pip compile --universal --no-annotate --no-header -o requirements.lock pyproject.toml
	$(BIN)/uv pip compile --universal --no-annotate --no-header --group dev -c requirements.lock -o requirements-dev.lock pyproject.toml

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("Färdkost needs Python 3.11 or later") if sys.version_info < (3, 11) else 0'
	$(PYTHON) -m venv .venv || (apt-get update -q && apt-get install -y -q python3-venv && $(PYTHON) -m venv .venv)

.venv/.runtime: requirements.lock pyproject.toml $(wildcard xlsx/compiled/*.[ch]) | .venv/bin/python
	$(BIN)/python -m pip install -q --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps -e .
	touch $@

.venv/.dev: requirements-dev.lock .venv/.runtime
	$(BIN)/python -m pip install -q --disable-pip-version-check -r requirements-dev.lock
	touch $@

# The tests drive real programs: node, a headless browser and LibreOffice.
.venv/.tools: tests/programs.sh | .venv/bin/python
	sh tests/programs.sh
	touch $@

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis build *.egg-info
