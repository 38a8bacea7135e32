# Simple enough for GNU Make 3.81 (macOS); the logic is in dev/*.py.
# PYTHON=python3.12 chooses another Python for setup, ARGS="..." passes arguments on.

PYTHON ?= python3
ARGS ?=
SECONDS ?= 60
VENV_PYTHON = .venv/bin/python

.PHONY: help setup run admin test fuzz chaos bench bench-growth pictures lint audit panel fill backup verify-backup restore format wipe

help: ## Print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' Makefile

setup: ## Build .venv, where everything is installed
	@$(PYTHON) dev/setup.py

run: setup ## Start the bot and all it needs, and print where to click (Ctrl-C ends it)
	@exec $(VENV_PYTHON) -m dev.run $(ARGS)

admin: setup ## Make an admin, or give one another password (make admin NAME=ann)
	@exec $(VENV_PYTHON) -m dev.admin $(NAME)

test: setup ## Run every test (ARGS="tests/dev -k name" for some)
	@PYTHONHASHSEED=0 exec $(VENV_PYTHON) -m pytest -n 3 --dist loadscope --no-loadscope-reorder $(ARGS)

fuzz: setup ## Send the admin API and the bot what nobody should (FUZZ_EXAMPLES=500 HOSTILE_EXAMPLES=100000)
	@FUZZ=1 exec $(VENV_PYTHON) -m pytest tests/admin_api/test_fuzz.py tests/bot/test_hostile_input.py $(ARGS)

chaos: setup ## Break everything that can break under people who train (ARGS="NAME --seed N" for one fault)
	@exec $(VENV_PYTHON) -m tests.chaos $(ARGS)

bench: setup ## Measure the bot beside three others on this machine (SECONDS=30 for each; 60 is the default)
	@exec $(VENV_PYTHON) -m bench --seconds $(SECONDS)

bench-growth: setup ## Count what every screen reads of up to ten million sets (20 minutes, 6 GB of disk)
	@exec $(VENV_PYTHON) -m bench.growth $(ARGS)

pictures: setup ## Make the README's pictures anew (src/*.png)
	@PICTURES=1 REQUIRE_BROWSER=1 $(VENV_PYTHON) -m pytest tests/bot/test_page.py tests/panel/test_pictures.py

lint: setup ## Check style, format and types
	@$(VENV_PYTHON) -m ruff check
	@$(VENV_PYTHON) -m ruff format --check
	@$(VENV_PYTHON) -m mypy
	@exec $(VENV_PYTHON) -m dev.panel check

audit: setup ## Report known weaknesses of what we depend on (pip-audit, npm audit)
	@exec $(VENV_PYTHON) -m dev.audit

panel: setup ## Build the admin panel's pages, as `make run` does (ARGS="types" makes its types of the API anew)
	@exec $(VENV_PYTHON) -m dev.panel $(or $(ARGS),build)

fill: setup ## Load ten million made-up sets into the data of `make run` (ARGS="--sets 100000" for fewer)
	@exec $(VENV_PYTHON) -m dev.fill $(ARGS)

backup: setup ## Back up the data of `make run`, or of the database that DB_HOST names (ARGS="--to FOLDER --keep 7")
	@exec $(VENV_PYTHON) -m dev.backup backup $(ARGS)

verify-backup: setup ## Restore a backup beside the data and compare every row (FILE=backups/...)
	@exec $(VENV_PYTHON) -m dev.backup verify-backup $(FILE)

restore: setup ## Ask, then put a backup in the place of the data (FILE=backups/...)
	@exec $(VENV_PYTHON) -m dev.backup restore $(FILE)

format: setup ## Put the code into its format
	@$(VENV_PYTHON) -m ruff check --fix-only
	@$(VENV_PYTHON) -m ruff format

wipe: setup ## Ask, then remove the data of `make run`
	@exec $(VENV_PYTHON) -m dev.run --wipe
