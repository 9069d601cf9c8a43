# Every command of the project: type `make` to see them. Needs python3 (3.11 or newer, with venv) and make.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
VENV := .venv/bin/python
# Installs the locked packages in seconds; pip does it in a minute where uv can't run.
UV := uv==0.13.9
BEGAN := $(shell date +%s.%N)

# make demo ONLINE=1 PORT=9000; make test ARGS='-k feeds'; make replay DIR=captures ARGS='--day 2022-07-27'
ONLINE ?=
PORT ?=
ARGS ?=
DIR ?=

.PHONY: help demo demo-reset test lint typecheck format lock bench replay screenshots chromium

define check_python
@command -v $(PYTHON) >/dev/null 2>&1 || { echo 'python3 is not installed. Debian: apt install python3-venv make'; exit 1; }
@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
  || { echo "Newswatch needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1). Name another: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
  || { echo 'Python has no venv module here. Debian: apt install python3-venv'; exit 1; }
endef

help:
	@echo 'make demo         the whole newsroom on this machine; ONLINE=1 polls real feeds, PORT=N wants a port'
	@echo 'make demo-reset   forget the data of the demo'
	@echo "make test         all the tests, against real servers; ARGS='-k name' picks some"
	@echo 'make lint         style, templates, import rules, migrations, deployment checks'
	@echo 'make typecheck    mypy'
	@echo 'make format       rewrite the code in the house style'
	@echo 'make replay DIR=… replay a folder of captured feeds through the pipeline of the running demo'
	@echo 'make bench        the measurements that the documents quote'
	@echo 'make screenshots  take the pictures of the README anew'
	@echo 'make lock         pin the newest versions that pyproject.toml allows'

demo: .venv/.installed
	@exec $(VENV) -m newswatch.services.demo --began $(BEGAN) $(if $(ONLINE),--online) $(if $(PORT),--port $(PORT))

demo-reset: .venv/.installed
	@$(VENV) -m newswatch.services.demo --reset

test: .venv/.installed chromium
	@$(VENV) -m pytest $(ARGS)

lint: .venv/.installed
	$(VENV) -m ruff check .
	$(VENV) -m ruff format --check .
	.venv/bin/lint-imports
	$(VENV) -m djlint templates --lint --quiet
	NEWSWATCH_ENV=test $(VENV) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	@echo 'manage.py check --deploy, with the variables of a production box'
	@NEWSWATCH_ENV=production SECRET_KEY="$$($(VENV) -c 'import secrets; print(secrets.token_urlsafe(48))')" \
	DATABASE_URL=postgresql://newswatch@db.example/newswatch REDIS_URL=redis://redis.example/0 \
	ALLOWED_HOSTS=news.example SITE_URL=https://news.example EMAIL_URL=smtp://mail.example \
	DEFAULT_FROM_EMAIL=newswatch@news.example \
	$(VENV) manage.py check --deploy --fail-level WARNING

typecheck: .venv/.installed
	NEWSWATCH_ENV=test $(VENV) -m mypy newswatch articles alerts manage.py

format: .venv/.installed
	$(VENV) -m ruff check --fix .
	$(VENV) -m ruff format .

lock: .venv/.installed
	$(VENV) -m uv pip compile --universal --generate-hashes --upgrade --python-version 3.11 \
	--custom-compile-command 'make lock' --group embedded --group dev pyproject.toml --output-file requirements.lock

bench: .venv/.installed
	@for file in bench/bench_*.py; do echo "== $$file"; $(VENV) "$$file" || exit 1; done

replay: .venv/.installed
	@test -n "$(DIR)" || { echo 'Say which folder: make replay DIR=path/to/captures'; exit 2; }
	@$(VENV) manage.py replay "$(DIR)" $(ARGS)

screenshots: .venv/.installed chromium
	@$(VENV) -m tests.browser.screenshots

# Browser tests drive Debian's chromium; where there is none and none can be installed, they are skipped.
chromium:
	@command -v chromedriver >/dev/null 2>&1 && exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
	  echo 'Installing chromium for the browser tests'; \
	  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
	    chromium chromium-driver fonts-nanum; } >/dev/null 2>&1 || echo 'chromium could not be installed'; \
	fi

# An interrupted run leaves no .installed behind, and the next one starts with an empty environment.
.venv/.installed: requirements.lock
	$(check_python)
	@if [ -e .venv/.installed ]; then rm .venv/.installed; else \
	  echo 'Making the environment in .venv'; $(PYTHON) -m venv --clear .venv; fi
	@echo 'Installing the locked packages'
	@$(VENV) -m pip install --quiet --disable-pip-version-check '$(UV)' \
	  && $(VENV) -m uv pip sync --quiet --python $(VENV) requirements.lock \
	  || { echo 'uv did not do it; pip will, in a minute or two'; \
	       $(VENV) -m pip install --disable-pip-version-check --quiet --no-deps --require-hashes -r requirements.lock; }
	@touch .venv/.installed
