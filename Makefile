# Everything runs in .venv, which the first target makes; nothing else on the machine is touched.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Each package in the one version that constraints.txt has, also those that pip builds others with: it takes that from the
# environment alone, under one name before pip 25.3 and under the other since.
INSTALL := PIP_CONSTRAINT=constraints.txt PIP_BUILD_CONSTRAINT=constraints.txt \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: setup demo sandbox check test soak messages generated pictures pins hashes sbom

setup: $(VENV)/ready

# What running and the sandbox need, but for Hologres' database and PyODPS, which are large.
$(VENV)/ready: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "pairec-access needs Python 3.11 or newer; with another one: make PYTHON=python3.11 …")'
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

# All that can be said in a minute.
check: $(VENV)/ready-to-test
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --quiet --check .
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m mypy
	$(BIN)/python -m pytest -n 2 -m 'not slow' tests/approvals tests/handlers tests/bot tests/deploy tests/test_house.py

# A test that fails beside three others runs once more by itself, where it has the machine's time; the output shows both.
test: $(VENV)/ready-to-test
	$(BIN)/python -m pytest -n 4 --dist worksteal || { [ $$? -eq 1 ] && $(BIN)/python -m pytest --last-failed; }

soak: $(VENV)/ready-to-test
	SOAK="$(or $(SOAK),30m)" $(BIN)/python -m tests.soak

messages: setup
	$(BIN)/pybabel -q extract -k _ -k ngettext:1,2 --no-location --sort-output --omit-header -o handlers/locales/messages.pot handlers
	$(BIN)/pybabel -q update -i handlers/locales/messages.pot -d handlers/locales --no-fuzzy-matching --ignore-obsolete --omit-header --width 110

# Whatever is made from other files of the tree, and is kept beside them.
generated: $(VENV)/ready-to-test
	$(BIN)/python -m tests.harness.generated

# The README's animated picture, played by a browser in the sandbox.
pictures: $(VENV)/ready-to-test
	$(BIN)/python -m tests.browser.animation docs/pictures/round.gif

# The newest versions that pyproject.toml allows, for every Python that it allows; and of what runs in production, and what
# that is built with, the hashes too.
COMPILE = $(BIN)/uv pip compile --quiet --no-config --universal --python-version 3.11 --no-annotate \
	--custom-compile-command 'make pins'
HASHED = $(COMPILE) --constraint constraints.txt --generate-hashes
pins: setup
	$(INSTALL) uv
	$(COMPILE) --upgrade --all-extras --group pins --output-file constraints.txt pyproject.toml
	$(MAKE) hashes

hashes: setup
	$(INSTALL) uv
	$(HASHED) --output-file deploy/requirements/base.txt pyproject.toml
	$(HASHED) --extra members --output-file deploy/requirements/members.txt pyproject.toml
	$(HASHED) --extra postgres --output-file deploy/requirements/postgres.txt pyproject.toml
	$(HASHED) --extra training --output-file deploy/requirements/training.txt pyproject.toml
	$(HASHED) --extra oss --output-file deploy/requirements/oss.txt pyproject.toml
	$(HASHED) --extra report --output-file deploy/requirements/report.txt pyproject.toml
	$(HASHED) --extra rules --output-file deploy/requirements/rules.txt pyproject.toml
	$(HASHED) --group pyproject.toml:build --output-file deploy/requirements/build.txt

# What a release consists of, as CycloneDX: an environment is made of the hashed versions alone, and looked over.
sbom:
	rm -rf build/released build/sbom dist/pairec-access.cdx.json
	$(PYTHON) -m venv build/released
	$(PYTHON) -m venv build/sbom
	build/sbom/bin/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	build/sbom/bin/python -m pip install --quiet --disable-pip-version-check --group sbom
	build/released/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
		$(foreach part,base members postgres rules training,--requirement deploy/requirements/$(part).txt)
	mkdir -p dist
	build/sbom/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --output-format JSON \
		--output-file dist/pairec-access.cdx.json build/released
