# Two commands are all that is needed: `make demo` and `make test`.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PORT ?= 8000
# Modules are compiled once and not at each start.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test lint bench conformance drill faults serve browser gates clean bench-pages load scale audit

# The demonstration council on http://127.0.0.1:8000, with the admin login printed.
demo: $(VENV)/.installed
	@$(BIN)/python manage.py demo --port $(PORT)
	@echo "  Stop with Ctrl+C."
	@$(BIN)/python manage.py runserver --noreload 127.0.0.1:$(PORT)

# Every test. Engines that are not there are skipped, with the reason printed.
test: $(VENV)/.installed-test
	$(BIN)/python -m pytest -n auto --dist loadgroup

lint: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djhtml --check -t 2 templates
	$(BIN)/curlylint templates
	$(BIN)/mypy
	$(BIN)/hadolint Containerfile
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec compose.yaml

# Debian's Chromium for the browser tests.
browser:
	scripts/install-browser.sh

# Every page and state as readers and staff meet it. GATES="--quick" or "--like results --only axe" looks at less.
GATES ?=
GATES_PORT ?= 8440
gates: $(VENV)/.installed-test var/gates-tools/.installed
	$(BIN)/python -m tests.gates.run --port $(GATES_PORT) $(GATES)

# What is not Python: the checkers that Node and Java run.
var/gates-tools/.installed: tests/gates/package.json tests/gates/package-lock.json
	mkdir -p var/gates-tools
	cp tests/gates/package*.json var/gates-tools/
	cd var/gates-tools && npm ci --ignore-scripts --no-audit --no-fund
	touch $@

# As production would run it: see README for the settings it needs, and for trying it on this machine.
serve: $(VENV)/.installed
	$(BIN)/python manage.py migrate -v0
	$(BIN)/python manage.py collectstatic --noinput -v0
	BIND=$${BIND:-127.0.0.1:$(PORT)} $(BIN)/gunicorn localoffer.wsgi

# What the engine is measured beside is in requirements-bench.txt. SIZES=2500,25000,300000 takes an hour.
SIZES ?= 2500,25000
bench: $(VENV)/.installed-test
	$(BIN)/python -m pip install --disable-pip-version-check -q -r requirements-bench.txt
	$(BIN)/python -m tests.benchmarks.bench_import
	$(BIN)/python -m tests.benchmarks.bench_search
	$(BIN)/python -m tests.benchmarks.bench_engines --sizes $(SIZES)
	$(BIN)/python -m tests.benchmarks.bench_http

# Pages a second beside a bare Django view and a stock Wagtail page. Needs wrk: apt-get install wrk.
bench-pages: $(VENV)/.installed-test
	$(BIN)/python -m tests.benchmarks.bench_pages

# 300,000 services and 150 authorities in one installation, beside a small one. DATABASE_URL chooses the
# database, which must be empty. SCALE="--services 30000 --authorities 15" looks at less.
SCALE ?=
scale: $(VENV)/.installed-test
	$(BIN)/python -m tests.benchmarks.bench_scale $(SCALE)

# Half an hour of families reading, searching and commenting while editors publish. DATABASE_URL chooses the database.
SECONDS ?= 1800
RATE ?= 50
load: $(VENV)/.installed-test
	$(BIN)/python -m tests.drills.mixed_load --seconds $(SECONDS) --rate $(RATE)

# Every answer of the Open Referral UK API over a whole national list of schools: make conformance FILE=schools.csv
conformance: $(VENV)/.installed-test
	DJANGO_SETTINGS_MODULE=localoffer.settings $(BIN)/python -m tests.benchmarks.check_open_referral $(FILE)

# A thousand comments while the server is killed three times. DATABASE_URL chooses the database.
drill: $(VENV)/.installed
	$(BIN)/python -m tests.drills.comments_under_faults

# A held database, a full disk (root mounts a small one), Redis stopped, a killed migration.
faults: $(VENV)/.installed
	$(BIN)/python -m tests.drills.faults

# Every package with its licence, then the known faults of each: docs/data-protection.md says how to read it.
audit: $(VENV)/.installed
	$(BIN)/python -m pip install --disable-pip-version-check -q "pip-licenses>=5,<6" "pip-audit>=2.10,<3"
	$(BIN)/pip-licenses --format=plain --order=license --with-urls
	$(BIN)/pip-audit --local --progress-spinner off --timeout 15 --strict

$(VENV)/bin/python:
	@echo "Making the Python environment in $(VENV)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || (echo "Python 3.11 or newer is needed."; exit 1)
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.txt | $(VENV)/bin/python
	@echo "Installing the packages of requirements.txt"
	@$(BIN)/python -m pip install --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.installed-test: requirements.txt requirements-test.txt | $(VENV)/bin/python
	@echo "Installing the packages of requirements-test.txt"
	@$(BIN)/python -m pip install --disable-pip-version-check -r requirements-test.txt
	@touch $@

clean:
	rm -rf var $(VENV)
