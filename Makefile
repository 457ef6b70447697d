# Three commands are enough: `make demo` runs the main job, `make quick` tests what one is changing,
# `make test` tests everything. Each sets up its own .venv from a hashed lock file first; nothing else is needed but Python 3.11+.

PYTHON ?= python3
BIN := .venv/bin
ROUNDS ?= 9
SECONDS ?= 60
SAMPLE ?= 0
LOADS ?= load or not load
ARGS ?=

.PHONY: demo web quick test long fuzz damaged-kit load scale office lint types docs verifier check bench bench-peers mutants every-bit lock clean

demo: .venv/ready
	@rm -rf build/demo && mkdir -p build/demo
	@$(BIN)/scoretrail --ledger build/demo/demo.db demo

# The reference case in a browser, with a login for each role.
web: .venv/ready
	@$(BIN)/scoretrail web --demo

# What tests write lies in memory where there is room for it: else they wait for the disk most of the time.
MEMORY := $(shell df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 && $$4 >= 8 * 1024 ^ 2 {print "/dev/shm"}')
quick test: export TMPDIR := $(or $(TMPDIR),$(MEMORY),/tmp)

# Under a minute on two cores: ledgers in files, nothing that is slow; of the cells of a test the first
# and each twelfth after it, and likewise of those tests of a file that write files. It ends with what
# took longest and the seconds of processors that it took in all (tests/conftest.py).
quick: .venv/ready-dev
	QUICK=12 $(BIN)/pytest -n auto --dist loadfile -m "not slow and not postgresql and not load" \
		--hypothesis-profile quick --durations 10 --durations-min 1 $(ARGS)

# All of it, or what ARGS chooses: make test ARGS="-k bonus", make test ARGS=tests/ledger.
test: .venv/ready-dev
	@echo "$(if $(ARGS),what is chosen of ,)all tests: half an hour to an hour on two cores, on SQLite and PostgreSQL; make quick takes a minute"
	$(BIN)/pytest -n auto $(ARGS)

# What is too long for every change, half a day of it: every bit, every mutant, a minute of each load,
# and thousands of examples for each test that generates them.
long: every-bit mutants load fuzz
	KILLS=1000 $(BIN)/pytest --timeout 0 tests/cli/test_kill.py
	$(BIN)/python -m bench.search --cases 10000 --bar
	$(BIN)/python -m bench.search --cases 10000 --bar --postgres
	UNITS=300 $(BIN)/pytest --timeout 0 tests/load/test_office_year.py
	LONG=1 FLIPS=all $(BIN)/pytest -n auto --timeout 0 tests/cli/test_races.py tests/proof/test_interruptions.py tests/browser

# Damaged ledgers, dossiers and published folders, each with the one finding that it must raise.
damaged-kit: .venv/ready-dev
	@rm -rf build/damaged-kit
	$(BIN)/python tests/support/damaged_kit.py build/damaged-kit

fuzz: .venv/ready-dev
	$(BIN)/pytest -n auto --timeout 0 --hypothesis-profile explore -m "hypothesis and not load" $(ARGS)

# What LibreOffice makes of our workbooks and documents; it fails where LibreOffice is missing.
office: .venv/ready-dev
	$(BIN)/pytest tests/office

# Load and faults, with the figures in a table at the end; each situation lasts SECONDS.
load: .venv/ready-dev
	LOAD_SECONDS=$(SECONDS) $(BIN)/pytest tests/load -m "$(LOADS)" --timeout $$((300 + 10 * $(SECONDS)))

# What a province needs: two PostgreSQL servers under Patroni, each killed while it leads (it fails
# without Debian's patroni, python3-etcd, etcd-server and postgresql), and the data of 132,000 cases.
scale: .venv/ready-dev
	$(BIN)/pytest tests/availability
	$(BIN)/python -m bench.fleet_data
	$(BIN)/python -m bench.two_steps
	$(BIN)/python -m bench.ledger_size

# Everything that installs without a network, for Linux and Windows: a folder to be carried there.
bundle: .venv/ready-dev
	$(BIN)/python tools/make_bundle.py build/bundle $(BUNDLED)

lint: .venv/ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/ready-dev
	$(BIN)/mypy
	$(BIN)/mypy --platform win32 ledger projections documents intake application cli web migrations client

# Rewrites everything that is generated from the code; the tests fail when it is stale.
docs: .venv/ready-dev
	$(BIN)/python -m docs.catalogue
	$(BIN)/python -m docs.generate
	$(BIN)/python -m docs.transcript

# The page with which anybody verifies in a browser; a test builds it again and compares.
verifier: .venv/ready-dev build/verifier/ready
	$(BIN)/python -m tools.make_verifier build/verifier/node_modules/@noble/ed25519/index.js

build/verifier/ready: tools/verifier/package.json
	@mkdir -p $(@D)
	cp $< $(@D)/package.json
	npm install --prefix $(@D) --no-package-lock --no-audit --no-fund --silent
	@touch $@

# A certified provider of identity, for the tests of logins through one.
build/identity-provider/ready: tests/support/identity_provider.json
	@mkdir -p $(@D)
	cp $< $(@D)/package.json
	npm install --prefix $(@D) --no-package-lock --no-audit --no-fund --silent
	@touch $@

bench: .venv/ready-dev
	$(BIN)/python -m bench --rounds $(ROUNDS)

# Other ways to keep such a record. They do not get along with our dependencies.
# Two of them are npm's: build/peers/node. SCORETRAIL_TEST_POSTGRES names a server to measure them on.
bench-peers: .venv/ready-dev build/peers/ready build/peers/node/sqlite/ready build/peers/node/postgresql/ready
	build/peers/bin/python -m bench.peers --rounds $(ROUNDS)
	$(BIN)/python -m bench.peers.served

build/peers/ready: bench/peers/requirements.txt
	$(PYTHON) -m venv build/peers
	build/peers/bin/python -m pip install --quiet -r $<
	@touch $@

build/peers/node/%/ready: bench/peers/node-%.json
	@mkdir -p $(@D)
	cp $< $(@D)/package.json
	npm install --prefix $(@D) --no-package-lock --no-audit --no-fund --silent
	@touch $@

# The verifier with one small thing wrong in it, a thousand times over: the tests must notice.
# SAMPLE=100 tries so many, always the same; MUTATE="--file F" those of a file.
mutants: .venv/ready-dev
	$(BIN)/python -m tests.mutation --sample $(SAMPLE) $(MUTATE)

# Whatever the log consists of with each of its bits changed, one at a time; the tests change one
# bit of every byte.
every-bit: .venv/ready-dev
	EVERY_BIT=1 FLIPS=100000 $(BIN)/pytest -n auto --timeout 0 tests/proof/test_every_byte.py tests/proof/test_flipped_file.py

check: lint types test

.venv/ready: requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --no-deps -e .
	@touch $@

.venv/ready-dev: requirements-dev.lock .venv/ready
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock
	@touch $@

# Only this lock form names no registry address (docs/decisions/2026-11-21-lock-files.md).
UV_COMPILE = uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-annotate --custom-compile-command "make lock" pyproject.toml
lock:
	$(UV_COMPILE) --extra dev -o requirements-dev.lock
	# Users get the versions that the tests run with.
	$(UV_COMPILE) --extra oidc --extra paper --extra postgres --extra stamps --extra web -c requirements-dev.lock -o requirements.lock

clean:
	rm -rf .venv build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
