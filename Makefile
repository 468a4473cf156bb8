# Every target works from a fresh clone; `make help` lists them.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$p"; break; }; done)
WORKERS ?= 2
UV ?= uv

BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header
# Under the guard the launcher is told to end (signal 15) when make is killed; $$PPID is make.
LAUNCHER := exec $(BIN)/python deploy/guard.py 15 $$PPID "" $(BIN)/python -m deploy.launcher
# What torch brings for graphics cards, and torch itself.
CUDA := sed -nE 's/^(nvidia-[^=]*|cuda-[^=]*|triton|torch)==.*/--no-emit-package \1/p' model.txt

.PHONY: help demo run test lint bench chaos eval format status requirements clean

help: ## list the targets
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' Makefile | expand -t 22

demo: .venv/.base ## everything on this machine, the sandbox in place of Telegram; Ctrl-C ends it
	@$(LAUNCHER) demo

run: .venv/.base ## the same for real, with the settings of .env
	@if [ -n "$${EMBEDDING_MODEL:-}" ] || grep -qsE '^EMBEDDING_MODEL=.' .env; then $(MAKE) .venv/.model; fi
	@$(LAUNCHER) run

# pytest ends with 1 when all ran and some failed; whatever else it ends with is no chance.
test: .venv/.dev ## all tests (WORKERS=2 in parallel, ARGS= for pytest, AGAIN=1 asks what failed once more, alone)
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal --durations 25 --durations-min 4 $(ARGS) \
		$(if $(AGAIN),|| { [ $$? = 1 ] && .ci/again; })

lint: .venv/.dev ## style, types, direction of imports, sizes, migrations in step with models
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict .
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m pytest -q tests/house

bench: .venv/.dev ## figures beside baselines of the same run (JSON=path, QUICK=1)
	@$(BIN)/python -m benchmarks.bench $(if $(QUICK),--quick) $(if $(JSON),--json "$(JSON)")

chaos: .venv/.dev ## faults at random moments, promises checked (SEED=, ROUNDS=, JSON=path, QUICK=1, BROKER=rabbitmq, BROADCAST=20000)
	@$(BIN)/python -m benchmarks.chaos $(if $(SEED),--seed $(SEED)) $(if $(ROUNDS),--rounds $(ROUNDS)) \
		$(if $(QUICK),--quick) $(if $(JSON),--json "$(JSON)") $(if $(BROKER),--broker $(BROKER)) \
		$(if $(BROADCAST),--broadcast $(BROADCAST))

eval: .venv/.dev ## how well questions are answered (FILES= JSON or CSV, JSON=path, ARGS=--hold-out paragraphs)
	@if [ -n "$${EMBEDDING_MODEL:-}" ]; then $(MAKE) .venv/.model; fi
	@OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.retrieval $(if $(JSON),--json "$(JSON)") $(ARGS) \
		$(if $(FILES),$(FILES),tests/data/questions.ru.csv tests/data/questions.en.csv)

format: .venv/.dev ## put the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

status: .venv/.base ## what waits and what failed; the demo's where there is no .env
	@if [ -f .env ]; then $(BIN)/python manage.py status; else $(BIN)/python -m deploy.launcher manage status; fi

requirements: ## compile the pins anew (needs uv)
	@command -v $(UV) > /dev/null || { echo "This needs uv: pip install uv, or UV=<where it is>." >&2; exit 1; }
	cd requirements && $(COMPILE) --upgrade base.in -o base.txt
	cd requirements && $(COMPILE) --upgrade dev.in -c base.txt -o dev.txt
	cd requirements && $(COMPILE) --upgrade front.in -c base.txt -o front.txt
	cd requirements && $(COMPILE) --upgrade model.in -c base.txt -o model.txt
	cd requirements && $(COMPILE) --upgrade model.in -c base.txt $$($(CUDA)) -o model-cpu.txt
	cd requirements && $(COMPILE) --upgrade --no-deps model-test.in -o model-test.txt

clean: ## remove .venv and caches; data/ and logs/ stay
	rm -rf .venv build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.python:
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11 or newer is needed; PYTHON=<where it is> names one." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2> /dev/null || { \
		echo "$(PYTHON) cannot make virtual environments. Debian, Ubuntu: apt install python3-venv" >&2; exit 1; }
	@echo "Making .venv …"
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/.base: requirements/base.txt | .venv/.python
	@echo "Installing $< …"
	@$(PIP) --require-hashes -r $<
	@touch $@

.venv/.dev: requirements/dev.txt | .venv/.python
	@echo "Installing $< …"
	@$(PIP) --require-hashes -r $<
	@touch $@ .venv/.base

# torch first and by itself: whatever build the configured index prefers, which need not be the one with CUDA.
.venv/.model: requirements/model-cpu.txt requirements/model.in | .venv/.base
	@echo "Installing the sentence model's part, which is large …"
	@$(PIP) "$$(grep '^torch==' requirements/model.in)"
	@$(PIP) --require-hashes -r $<
	@touch $@
