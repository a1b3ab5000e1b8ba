SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# One process more than there are cores, because tests wait for disks and clocks. Each takes the tests of neighbouring files,
# which share servers, and in the end some of another's.
AT_ONCE = -n $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 1)') --dist worksteal

help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.venv/.installed: deps/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed (make PYTHON=... names another)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "Python's venv module is missing (Debian: apt install python3-venv)"; exit 1; }
	@echo "making .venv (once; about a minute)"
	@$(PYTHON) -m venv --clear .venv
	@$(PIP) --require-hashes --only-binary :all: -r deps/dev.txt
	@$(PIP) --no-deps --no-build-isolation --no-index -e .
	@touch $@

install: .venv/.installed ## make .venv with the locked requirements

up: install ## run the embedded home on 127.0.0.1:8080, data in .local/
	@exec $(BIN)/llm-config-local up --data-dir .local --port 8080

test: install ## run all the tests
	@$(BIN)/python -m pytest -q -m "not deep and not wheels" $(AT_ONCE)

test-deep: install ## run the tests, the long and exhaustive ones too (75 minutes on two cores)
	@$(BIN)/python -m pytest -q -m "not wheels" $(AT_ONCE)

layers: install ## build the Lambda layers, for arm64 and for this machine, and hold them to what they promise
	@$(BIN)/python -m pytest -q -m wheels tests/infra

test-share: install ## run one in 60 of the long and exhaustive tests, by the seed
	@LLM_CONFIG_TEST_SHARE=60 $(BIN)/python -m pytest -q -m deep $(AT_ONCE)

check: install ## ruff, mypy, import contracts and the unit tests: under a minute
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python -m pytest -q tests/unit

# The quickest tests that reach every branch: the rules, the door, every route of the embedded home.
COVERING := tests/unit/domain tests/unit/test_perform.py tests/properties/test_merge.py tests/functions tests/catalog tests/conformance tests/rotation

coverage: install ## every branch of domain and operations has a test, or this fails (four minutes)
	@mkdir -p .local && rm -f .local/coverage*
	@$(BIN)/coverage run --data-file=.local/coverage -m pytest -q $(AT_ONCE) -m "not deep" -k "not dynamodb and not aws" $(COVERING)
	@$(BIN)/coverage combine --quiet --data-file=.local/coverage
	@$(BIN)/coverage report --data-file=.local/coverage

mutation: install ## change the domain in thousands of small ways: its tests must see them (SAMPLE=1 one in ten)
	@SAMPLE="$(SAMPLE)" $(BIN)/python -m tests.mutation.run

.venv/.bench: .venv/.installed deps/bench.txt
	@$(PIP) --require-hashes --only-binary :all: -r deps/bench.txt
	@touch $@

bench: .venv/.bench ## measure the product beside its peers (six minutes; ROWS=name,... these alone; QUICK=1 a look)
	@ROWS="$(ROWS)" QUICK="$(QUICK)" $(BIN)/python -m tests.bench

audit-load: install ## measure the audit on PostgreSQL at a million entries (eight minutes; ENTRIES=1e5 a look)
	@ENTRIES="$(ENTRIES)" $(BIN)/python -m tests.bench.audit_load

cost: install ## what a month costs on AWS, from counted calls (READS=5e6 SECRETS=1e5 WRITES=2e4 TENANTS=30: a month of yours)
	@READS="$(READS)" SECRETS="$(SECRETS)" WRITES="$(WRITES)" TENANTS="$(TENANTS)" $(BIN)/python -m tests.bench.cost

.venv/.infra: .venv/.installed deps/infra.txt
	@$(PIP) --require-hashes --only-binary :all: -r deps/infra.txt
	@touch $@

node: # the CDK is a program of node's
	@command -v node >/dev/null || { echo "node is missing: install node 22 or later (the CDK runs on it), then try again"; exit 1; }

synth: node .venv/.infra ## make the CloudFormation templates of every stage in infra/cdk/cdk.out: no account, no Docker
	@$(BIN)/python -m llm_config_cdk.synthesise

test-infra: node .venv/.infra ## hold the templates to what they promise: permissions, layout, rules (half a minute)
	@$(BIN)/python -m pytest -q -m "not wheels" tests/infra tests/unit/infra

localstack-up: node .venv/.infra ## deploy into a LocalStack of this machine, no Docker: http://127.0.0.1:8081 (AT=url names one that runs)
	@exec $(BIN)/python -m llm_config_localstack --at "$(AT)"

test-localstack: node .venv/.infra ## the end-to-end tests against the stacks in LocalStack (needs Python 3.13; three minutes)
	@$(BIN)/python -m llm_config_cdk.interpreters 3.13 >/dev/null || { echo "skipped: LocalStack needs Python 3.13, and there is no python3.13 on the PATH"; exit 0; }; \
	LLM_CONFIG_E2E=localstack $(BIN)/python -m pytest -q --timeout 1200 tests/e2e

golden: install ## write the golden replies and events, docs/openapi.json and docs/cli.md again; review the difference
	@GOLDEN=write $(BIN)/python -m pytest -q tests/functions/test_golden.py tests/catalog/test_openapi.py tests/catalog/test_event_schemas.py tests/catalog/test_rotation_diagram.py tests/cli/test_reference.py

lock: ## rewrite the locked requirements (needs uv)
	cd deps && for f in requirements client dev bench infra; do uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-config -o $$f.txt $$f.in; done
	cd deps && uv pip compile --quiet --exclude-newer 2026-03-27 --python-version 3.13 --generate-hashes --no-annotate --no-header --no-config -o localstack.txt localstack.in

.PHONY: help install up test test-deep test-share layers check coverage mutation bench audit-load cost node synth test-infra localstack-up test-localstack golden lock
