# The project's commands; `make` alone lists them. Each sets up .venv first when it is missing or does not fit any more.
# PYTHON chooses another Python than the newest one found: make test PYTHON=python3.11

MAKEFLAGS += --no-builtin-rules --no-print-directory
PYTHON ?=
PACKAGES := kmop_tui screens services db
PIP := .venv/bin/python -m pip --disable-pip-version-check --no-input -qq

.PHONY: help demo test check format texts docs bench lock clean python stale

help:
	@echo "make demo     the program on a throw-away database with the manual's rows"
	@echo "make test     all tests"
	@echo "make check    style, types, direction of imports, spelling"
	@echo "make format   put the code in the house style"
	@echo "make texts    bring the Dutch texts up to date with the code, and compile them"
	@echo "make docs     renew the pages and the picture in docs/ that are made from the code"
	@echo "make bench    measure, and write benchmarks/RESULTS.md; QUICK=1 for a short one"
	@echo "make lock     renew requirements/*.txt from pyproject.toml; UPGRADE=1 takes the newest versions it allows"
	@echo "make clean    remove .venv and everything else that was made here"

demo: .venv/runtime
	@.venv/bin/kmop-tui demo

# Two workers; what runs in a pseudo-terminal stays on one of them (tests/conftest.py).
test: .venv/dev
	@.venv/bin/python -m pytest -q -n 2 --dist loadgroup

check: .venv/dev
	@.venv/bin/ruff check
	@.venv/bin/ruff format --check
	@.venv/bin/mypy
	@.venv/bin/lint-imports --no-logo
	@.venv/bin/codespell

format: .venv/dev
	@.venv/bin/ruff check --fix --quiet
	@.venv/bin/ruff format

TEXTS := services/locale/nl/LC_MESSAGES/kmop_tui.po
texts: .venv/runtime
	@.venv/bin/python -m babel.messages.frontend -q extract -F services/locale/babel.cfg \
		--no-default-keywords -k _ -k ngettext:1,2 -k bind:3 --sort-output --no-location --width=120 \
		--project=kmop-tui -o .venv/kmop_tui.pot $(PACKAGES)
	@.venv/bin/python -m babel.messages.frontend -q update --init-missing --no-fuzzy-matching --ignore-obsolete \
		--ignore-pot-creation-date --width=120 -l nl -i .venv/kmop_tui.pot -o $(TEXTS)
	@.venv/bin/python -m babel.messages.frontend compile --statistics -i $(TEXTS) -o $(TEXTS:.po=.mo)

docs: .venv/runtime
	@.venv/bin/python docs/generate.py
	@.venv/bin/python docs/picture.py

# Half an hour of a quiet machine; QUICK=1 takes some minutes, and too few samples to rely on.
bench: .venv/dev
	@.venv/bin/python benchmarks/database.py
	@.venv/bin/python benchmarks/data.py $(if $(QUICK),--quick)
	@.venv/bin/python benchmarks/keys.py $(if $(QUICK),--quick)
	@.venv/bin/python benchmarks/journey.py
	@.venv/bin/python benchmarks/results.py

# One pin for each package with the hashes of all its files, so that the same lines serve each platform and Python from
# 3.11 on. Where the files come from is for pip's own settings to say, not for these.
LOCK = .venv/bin/uv pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes --no-header \
	--no-annotate --no-emit-index-url --no-emit-find-links $(if $(UPGRADE),--upgrade)
lock: .venv/folder
	@$(PIP) install uv==0.13.9
	@$(LOCK) pyproject.toml -o requirements/runtime.txt
	@$(LOCK) --group build -c requirements/runtime.txt -o requirements/build.txt
	@$(LOCK) pyproject.toml --extra dev --group build -c requirements/runtime.txt -c requirements/build.txt -o requirements/dev.txt

clean:
	@rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis snapshot_report.html
	@find . -name __pycache__ -prune -exec rm -rf {} +

# Sets $$python. A pyenv shim can be there and yet refuse to run, and Debian has a Python without venv: so try them.
FIND_PYTHON = for python in $(if $(PYTHON),"$(PYTHON)",python3.13 python3.12 python3.11 python3) ""; do \
	"$$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && break; done; \
	if [ -z "$$python" ]; then echo "No Python 3.11 or newer that runs and has venv was found$(if $(PYTHON), as $(PYTHON));" \
	"install one (on Debian: apt install python3 python3-venv) or name it: make PYTHON=/path/to/python3" >&2; exit 1; fi

# The Python that a new .venv would be made with, for scripts.
python:
	@$(FIND_PYTHON); echo "$$python"

# pip writes full paths into .venv, so it does not outlive a move; nor the removal of its Python, nor another PYTHON.
STALE := $(shell test -x .venv/bin/python && test "$$(cat .venv/folder 2>/dev/null)" = "$$(pwd -P)" && \
	{ test -z "$(PYTHON)" || test "$$(cat .venv/python)" = "$(PYTHON)"; } || echo stale)

.venv/folder: $(STALE)
	@$(FIND_PYTHON); echo "Making .venv with $$python"; \
	"$$python" -m venv --clear .venv && echo "$$python" >.venv/python && pwd -P >.venv/folder

.venv/runtime: .venv/folder pyproject.toml requirements/runtime.txt requirements/build.txt
	@echo "Installing kmop-tui and what it needs"
	@$(PIP) install --require-hashes -r requirements/runtime.txt -r requirements/build.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@.venv/bin/python -m compileall -q $(PACKAGES)
	@touch $@

.venv/dev: .venv/runtime requirements/dev.txt
	@echo "Installing what tests and checks need"
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@
