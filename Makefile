# Every target sets itself up in .venv; none needs root or anything but Python 3.11+ and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PAGE := src/stook/server/page_files/index.html
PAGE_SOURCES := $(shell find web -type f -not -path '*/node_modules/*')
DATA_DIR ?= ./.stook
FAST = $(addprefix tests/,answering client conversation evaluation identity knowledge storage understanding) $(wildcard tests/test_*.py)
HOST ?= 127.0.0.1
PORT ?= 8080
export PIP_DISABLE_PIP_VERSION_CHECK = 1
# Processes start faster from compiled modules.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: screenshots setup run test test-fast compatibility check client bench quality fit lock clean

setup: $(STAMP) $(PAGE)

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Stook needs Python 3.11 or newer; set PYTHON=/path/to/python3.11"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(PAGE): $(PAGE_SOURCES) | $(STAMP)
	$(BIN)/python -c 'from pathlib import Path; from build_hooks.page import make_page; make_page(Path.cwd())'
	@touch $@

run: setup
	@$(BIN)/python examples/serve_handbook.py --data-dir $(DATA_DIR) --host $(HOST) --port $(PORT)

# In a temporary folder of its own: what others left in a shared one hides and breaks nothing.
test: setup
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && trap 'exit 130' INT TERM && \
	TMPDIR="$$folder" $(BIN)/pytest -n 2 --dist loadgroup

# What needs no server, encoder or database server: all that is not marked `whole`.
test-fast: setup
	$(BIN)/pytest -n 2 -m "not whole" $(FAST)

# Drives released clients against a server and writes down what works in docs/compatibility.md.
compatibility: setup
	WRITE_COMPATIBILITY=1 $(BIN)/pytest tests/conformance

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m build_hooks.page run check

# After a change of Stook's own API: describes it, and generates the page's client from that.
client: setup
	$(BIN)/python web/description.py
	$(BIN)/python -m build_hooks.page run client

# The pictures of the page that README shows.
screenshots: setup
	$(BIN)/python -m tests.web.screenshots

# Takes hours; `python -m benchmarks.quality --help` says how to measure parts, or fewer questions.
quality: setup
	$(BIN)/python -m benchmarks.quality --record --cache $(DATA_DIR)-quality

# Fits the weights of answers and of acts; `python -m benchmarks.fit --help` says how to adopt them.
fit: setup
	$(BIN)/python -m benchmarks.fit_acts
	$(BIN)/python -m benchmarks.fit --cache $(DATA_DIR)-quality

bench: setup
	$(BIN)/python -m benchmarks

lock: setup
	$(BIN)/uv pip compile pyproject.toml --group dev --extra postgres --extra local --universal --python-version 3.11 \
		--generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links \
		--upgrade --quiet --output-file requirements.lock

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache web/node_modules
