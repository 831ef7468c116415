# The commands of this project; `make` by itself lists them.

PORT ?= 8000
PYTHON := .venv/bin/python
LOCK := .venv/bin/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-emit-find-links --quiet
DJADE := find templates -name '*.html' | xargs .venv/bin/djade --target-version 5.2

# The settings are for production unless told otherwise.
export DEBUG ?= 1
ifeq ($(DEBUG),1)
export SITE_URL ?= http://127.0.0.1:$(PORT)
endif

.PHONY: help run test check format bench lock clean

help: ## List the commands
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

run: .venv/ready ## Prepare everything and serve on http://127.0.0.1:8000 (PORT= for another port)
	@exec $(PYTHON) manage.py run $(PORT)

test: .venv/ready ## Run all tests (ARGS= for pytest, such as ARGS="tests/pilots -x")
	@.ci/browser
	@$(PYTHON) -m pytest --numprocesses auto --dist loadgroup $(ARGS)

check: .venv/ready ## Check style, templates, migrations, settings for production, and the layers
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	$(DJADE) --check
	$(PYTHON) manage.py makemigrations --check --dry-run
	env $(PRODUCTION) $(PYTHON) manage.py check --deploy --fail-level WARNING
	$(PYTHON) -m pytest --quiet tests/test_architecture.py

# Just enough of an environment for the settings to start as they do in production.
PRODUCTION = DEBUG=0 SECRET_KEY="$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(64))')" \
	ALLOWED_HOSTS=mkbroute.example SITE_URL=https://mkbroute.example DATABASE_URL=postgresql:///mkbroute \
	DEFAULT_FROM_EMAIL=noreply@mkbroute.example CONTACT_EMAIL=team@mkbroute.example EMAIL_HOST=mail.mkbroute.example

# Djade fails when it had something to do, also when it did it.
format: .venv/ready ## Put right what of the style a program can
	.venv/bin/ruff check --fix --exit-zero
	.venv/bin/ruff format
	$(DJADE) || true

bench: .venv/ready ## Measure the site as it runs in production (ARGS= for the bench)
	@$(PYTHON) -m tests.bench $(ARGS)

lock: .venv/ready ## Lock the requirements again after a change of pyproject.toml (ARGS=--upgrade)
	$(LOCK) $(ARGS) --output-file requirements.txt
	$(LOCK) $(ARGS) --group dev --constraints requirements.txt --output-file requirements-dev.txt

clean: ## Remove what the commands made, except the data in .data/
	rm -rf .venv .data/static .pytest_cache .ruff_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

# Installed again only when the locked requirements have changed.
.venv/ready: requirements-dev.txt
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo 'Python 3.11 or newer is needed, as python3 on the path.' >&2; exit 1; }
	python3 -m venv .venv
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-dev.txt
	@touch $@
