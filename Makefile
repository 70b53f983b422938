# The two commands of the README: `make demo` and `make test`. Both build everything in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
CASE ?= examples/methadone-nelfinavir.yaml
SOURCES := $(shell find src -name '*.py' -o -name '*.hpp' -o -name '*.cpp' -o -name '*.cu' -o -name '*.yaml' -o -name '*.json' -o -name '*.html' -o -name '*.css' -o -name '*.js') pyproject.toml CMakeLists.txt constraints.txt

.PHONY: demo serve test bench fits docs site page clean

demo: $(VENV)/demo.stamp
	$(BIN)/clearway compare $(CASE) --report report.html
	@echo "The report: report.html"

# Installs the page's parts and opens it in the browser.
serve: $(VENV)/web.stamp
	$(BIN)/clearway serve

test: $(VENV)/test.stamp
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest

# Measures everything in about half an hour and writes docs/performance.md; goes on where a stopped run was.
bench: $(VENV)/bench.stamp
	$(BIN)/python benchmarks/run.py

# Every fitted value of the library from the study arms that it names; fails where one differs by more than 1 %.
fits: $(VENV)/test.stamp
	$(BIN)/python -m clearway.qualification.fits

# Everything that is generated: predictions shown in reports, the page on accuracy with its plots, the figures, the outputs in the documents.
docs: $(VENV)/test.stamp
	$(BIN)/python -m clearway.screening.doses
	$(BIN)/python -m clearway.qualification.accuracy
	$(BIN)/python -m clearway.qualification.page
	$(BIN)/python tests/pictures.py
	PATH=$(abspath $(BIN)):$$PATH $(BIN)/python tests/documents.py

# The documents as pages, in build/site.
site: $(VENV)/test.stamp
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

# The page of `clearway serve` from its source in web/ (needs Node 20.19 or newer). What it writes is committed, so that nobody else needs Node.
page:
	cd web && npm ci && npm run check && npm test && npm run build

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --quiet --upgrade pip

$(VENV)/demo.stamp: $(BIN)/python $(SOURCES)
	$(PIP) install --quiet --constraint constraints.txt '.[report]'
	@touch $@

$(VENV)/web.stamp: $(BIN)/python $(SOURCES)
	$(PIP) install --quiet --constraint constraints.txt '.[web]'
	@touch $@

$(VENV)/test.stamp: $(BIN)/python $(SOURCES)
	$(PIP) install --quiet --constraint constraints.txt '.[test]'
	@touch $@

$(VENV)/bench.stamp: $(VENV)/test.stamp
	$(PIP) install --quiet --constraint constraints.txt '.[bench]'
	@touch $@

clean:
	rm -rf $(VENV) build
