# Everything runs in .venv, which the first target makes; nothing else on the machine is touched.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: setup demo sandbox test soak messages

setup: $(VENV)/ready

# What running needs, in the sandbox too.
$(VENV)/ready: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "pairec-access needs Python 3.11 or newer; set PYTHON=")'
	$(PYTHON) -m venv $(VENV)
	$(INSTALL) --editable '.[members]'
	touch $@

# What tests need besides: PostgreSQL, a browser's driver, a type checker and their like.
$(VENV)/ready-to-test: $(VENV)/ready
	$(INSTALL) --editable '.[test]'
	touch $@

demo: setup
	$(BIN)/pairec-access demo

sandbox: setup
	$(BIN)/pairec-access sandbox

test: $(VENV)/ready-to-test
	$(BIN)/python -m pytest -n 4 --dist worksteal

soak: $(VENV)/ready-to-test
	SOAK="$(or $(SOAK),30m)" $(BIN)/python -m tests.soak

messages: setup
	$(BIN)/pybabel -q extract -k _ -k ngettext:1,2 --no-location --sort-output --omit-header -o handlers/locales/messages.pot handlers
