# The only task runner. `make` alone lists the targets.
# Needs Python 3.11 and make; everything else comes from the lock into .venv.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
STAMP := $(VENV)/.installed
# Spark (400 MB, needs Java 17) in an environment of its own, so that the product's stays small.
SPARK := .env-spark
SPARK_PY := $(SPARK)/bin/python
# Two workers: the machine this is built for has two cores, and every further worker loads the
# compiled kernels and starts a PostgreSQL of its own.
WORKERS ?= 2
SCALE ?=
TITLE ?=
PORT ?= 8000

# Compiled modules are kept, whatever the environment says: tests start a hundred processes of dancu.
export PYTHONDONTWRITEBYTECODE :=
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help setup demo test slow slow-spark check serve bench golden manual rule sector docs db db-stop lock wheel wheelhouse clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(STAMP) ## make .venv from the lock (every target does this by itself)

$(STAMP): requirements-dev.txt pyproject.toml tools/make_venv.sh tools/make_programs.sh
	@sh tools/make_venv.sh $(VENV)
	@sh tools/make_programs.sh
	@touch $@

demo: $(STAMP) ## an invented province at scale 0.01, cleaned and scored, in var/runs/demo
	rm -rf var/demo/province var/runs/demo
	$(BIN)/dancu province --scale 0.01 --seed 7 --out var/demo/province
	$(BIN)/dancu run var/demo/province/lists --out var/runs/demo --on 2024-06-21 --test-people

test: $(STAMP) ## all tests, the examples in the docstrings included
	$(PY) -m pytest -n $(WORKERS) --dist loadfile -m "not slow"

slow: $(STAMP) ## the tests too heavy for every commit (the wheel in an empty environment …)
	$(PY) -m pytest -n 0 -m slow --ignore tests/spec/rules/test_spark.py --ignore tests/spec/link/test_spark_link.py
	$(MAKE) slow-spark

slow-spark: $(SPARK)/.installed ## of these, rules and links on Spark against one machine (Java 17 or newer)
	@command -v java >/dev/null || { echo "Cần Java 17 / Java 17 is needed: apt-get install openjdk-17-jre-headless" >&2; exit 1; }
	$(SPARK_PY) -m pytest -n 0 -m slow tests/spec/rules/test_spark.py tests/spec/link/test_spark_link.py

# The extra's requirements with everything of the lock held where it is.
$(SPARK)/.installed: requirements-dev.txt pyproject.toml tools/make_venv.sh
	@sh tools/make_venv.sh $(SPARK)
	@$(SPARK_PY) -m pip list --format=freeze --exclude dancu --exclude pip --exclude setuptools > $(SPARK)/held.txt
	@$(SPARK_PY) -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['optional-dependencies']['spark'], sep='\n')" > $(SPARK)/extra.txt
	$(SPARK_PY) -m pip install -qq -c $(SPARK)/held.txt -r $(SPARK)/extra.txt
	@touch $@

check: $(STAMP) ## types, style, import contracts, lock, generated docs, no machine paths
	$(PY) tools/check.py

serve: $(STAMP) ## the web application with sample accounts at http://127.0.0.1:8000 (PORT=…)
	$(BIN)/dancu serve --demo --port $(PORT)

bench: $(STAMP) ## measure: NAME=… [SCALE=…]; without NAME the list of benches
	$(PY) -m bench $(if $(NAME),$(NAME) $(if $(SCALE),--scale $(SCALE)),--help)

golden: $(STAMP) ## rewrite the golden files by intent, then show what changed
	$(PY) -m pytest -n 0 tests --golden-write
	git --no-pager diff --stat -- tests/golden

manual: $(STAMP) ## take the pictures of docs/manual anew (needs Chromium; some minutes)
	$(PY) tools/manual.py

rule: $(STAMP) ## start a rule from the template: NAME=dimension/what-it-finds
	$(PY) tools/new.py rule "$(NAME)"

sector: $(STAMP) ## start a working sector from sectors/demo: NAME=… [TITLE="…"]
	@$(PY) tools/new.py sector "$(NAME)" "$(TITLE)"

docs: $(STAMP) ## write the generated pages anew (MISSION.md, GLOSSARY.md, docs/reference)
	$(PY) tools/generate.py

db: $(STAMP) ## start PostgreSQL of this checkout and say how to connect
	@$(PY) tools/db.py start

db-stop: $(STAMP) ## stop it (fast shutdown; the data stays)
	@$(PY) tools/db.py stop

lock: $(STAMP) ## resolve pyproject.toml anew into the two hashed locks, without addresses
	$(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --no-header --no-annotate -q -o requirements.txt
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-header --no-annotate -q -o requirements-dev.txt
	$(PY) tools/check.py lock

wheel: $(STAMP) ## build dist/dancu-….whl
	rm -rf dist build
	$(PY) -m build --wheel --no-isolation --outdir dist

wheelhouse: $(STAMP) ## dist/wheelhouse: all that a machine without a network installs from
	$(PY) tools/wheelhouse.py

clean: ## stop the database and delete everything that is not source
	@if [ -d var/pg ]; then \
	  if [ -x $(PY) ]; then $(PY) tools/db.py destroy; \
	  else echo "var/pg holds a database and .venv is gone: run 'make db-stop' first" >&2; exit 1; fi; \
	fi
	rm -rf $(VENV) .env-* var dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find . -name '*.egg-info' -type d -prune -exec rm -rf {} +
