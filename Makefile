# SPDX-License-Identifier: GPL-3.0-or-later
# One obvious way to do each daily thing. `make` lists them.

PYTHON ?= python3
VENV   := .venv
PEER   := .venv-peer
BIN    := $(VENV)/bin
BUILD  ?= build/dev
PREFIX ?= $(abspath python)
T      ?= tests
# They wait more than they compute.
JOBS   ?= $(if $(filter tests,$(T)),-n 4)
COMMA  := ,
# make stress takes half an hour, and has a command of its own.
QUICK_T = $(T) $(if $(filter tests,$(T)),--ignore=tests/stress)
# Tests that measure what malloc has given out need to know (tests/support/heap.py).
NO_CACHES := GLIBC_TUNABLES=glibc.malloc.tcache_count=0
NINJA   = $(BIN)/ninja

# A clone in another folder finds what this one compiled.
export CCACHE_BASEDIR := $(CURDIR)
export CCACHE_NOHASHDIR := 1

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

# ---------------------------------------------------------------------------------------------- set-up

$(VENV)/.ready: tools/requirements-dev.txt tools/setup.sh
	tools/setup.sh $(PYTHON) $(VENV)
	@touch $@

# The c104 on PyPI has packages up to Python 3.13; where there is none of these, what needs it is skipped.
peer_python := python=$$($(PYTHON) tools/pythons.py peer); [ "$$python" ]
$(PEER)/.ready: tools/setup.sh
	@if $(peer_python); then tools/setup.sh "$$python" $(PEER) c104==2.2.1; else \
	  echo "no Python 3.9 to 3.13 here: tests beside the c104 on PyPI will be skipped"; mkdir -p $(PEER); fi
	@touch $@

setup: $(VENV)/.ready ## system packages, virtual environment

sources: $(VENV)/.ready ## the C sources of lib60870-C and mbedTLS
	@$(BIN)/python lib60870/fetch.py

$(BUILD)/build.ninja: $(VENV)/.ready CMakeLists.txt lib60870/CMakeLists.txt lib60870/sources.json
	@$(BIN)/cmake --log-level=WARNING -S . -B $(BUILD) -G Ninja -DCMAKE_MAKE_PROGRAM=$(abspath $(NINJA)) -DPython_EXECUTABLE=$(abspath $(BIN)/python) \
	  -DC104_WERROR=$(if $(CI),ON,OFF) $(CMAKE_FLAGS) -DCMAKE_INSTALL_PREFIX=$(PREFIX)

build: $(BUILD)/build.ninja ## build the extension into python/c104 (seconds when little changed)
	@$(NINJA) -C $(BUILD) --quiet install

# ---------------------------------------------------------------------------------------------- daily

test: build $(if $(filter tests,$(T)),native) $(PEER)/.ready ## the tests; one of them: make test T=tests/test_x.py
	$(NO_CACHES) C104_PEER_PYTHON=$(abspath $(PEER)/bin/python) $(BIN)/python -m pytest $(JOBS) $(QUICK_T)
	@# The blocks of a page build on one another: one process.
	$(if $(filter tests,$(T)),$(BIN)/python -m pytest -q docs)

# Programs of their own, under sanitizers; configured as a build of the module is.
native_build = $(MAKE) --no-print-directory $(1)/build.ninja BUILD=$(1) \
	CMAKE_FLAGS="-DC104_MODULE=OFF -DC104_NATIVE_TESTS=ON -DC104_SANITIZE=address,undefined $(2)" && $(NINJA) -C $(1) --quiet && \
	$(BIN)/ctest --test-dir $(1) --parallel --output-on-failure

native: $(VENV)/.ready ## the C++ tests of model, codec, wire and TLS, part of the tests too
	@$(call native_build,build/native)

test-all: ## the tests under every Python from 3.9 that is found
	@$(PYTHON) tools/pythons.py each $(MAKE) test T=$(T)

test-next: sources ## the tests under Python 3.14 and 3.15 and the newest compiler, in a root folder of Debian forky (as root)
	tools/next_pythons.sh test 3.14 3.15

types: build ## mypy, pyright and stubtest, part of the tests too
	@$(BIN)/python -m pytest -q tests/test_types.py

demo: build ## a simulated substation and a client; HOST=... [PORT=2404] reads a real one
	@$(BIN)/python examples/demo.py $(if $(HOST),--host $(HOST)) $(if $(PORT),--port $(PORT)) $(DEMO_FLAGS)

picture: build ## docs/demo.svg, what the demonstration shows, and the diagram of the architecture
	$(BIN)/python tools/demo_picture.py
	$(BIN)/python tools/architecture_picture.py

compat: build $(PEER)/.ready ## differences from the c104 on PyPI
	$(BIN)/python tests/compat/compare.py --peer $(PEER)/bin/python

$(PEER)-tests/.ready: $(VENV)/.ready
	$(peer_python) && "$$python" -m venv $(@D)
	$(@D)/bin/pip install --quiet --disable-pip-version-check c104==2.2.1 pytest pytest-timeout scapy trustme cryptography
	@touch $@

faults: $(PEER)-tests/.ready ## the tests of the faults of the c104 on PyPI, run with it; some of them: WORDS="tls callbacks"
	$(BIN)/python tests/compat/faults.py $(PEER)-tests/bin/python $(WORDS)

$(VENV)/.ready-bench: $(VENV)/.ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check matplotlib
	@touch $@

bench: build $(PEER)/.ready $(VENV)/.ready-bench ## speed against the c104 on PyPI; some cases: CASES="stream_k1000 gi"; short: QUICK=1
	tests/benchmarks/native/build.sh $(BIN)/python build/bench
	PYTHONPATH=tests $(BIN)/python tests/benchmarks/run.py --cases "$(CASES)" $(if $(QUICK),--quick) $(if $(ROUNDS),--rounds $(ROUNDS))

.venv-docs/.ready: $(VENV)/.ready docs/requirements.txt
	$(BIN)/python -m venv $(@D)
	$(@D)/bin/pip install --quiet -r docs/requirements.txt
	@touch $@

docs: build .venv-docs/.ready ## the documentation, into build/docs; a warning is an error
	@.venv-docs/bin/python -m sphinx -q -E -W --keep-going -b html docs build/docs

LINT := .venv-lint
$(LINT)/.ready: tools/requirements-lint.txt
	tools/setup.sh $(PYTHON) $(LINT) -rtools/requirements-lint.txt
	@touch $@
# Also in a container whose user is not the one that owns the folder.
GIT := git -c safe.directory=$(CURDIR)
cpp_files = $$($(GIT) ls-files '*.h' '*.cpp' '*.c')

format: $(LINT)/.ready ## clang-format and ruff, in place
	@$(LINT)/bin/clang-format -i $(cpp_files)
	@$(LINT)/bin/ruff format --quiet .
	@$(LINT)/bin/ruff check --quiet --fix .

lint: $(LINT)/.ready $(VENV)/.ready ## style, types of tools and examples, spelling, scripts, workflows (seconds)
	@$(GIT) ls-files | grep -q . || { echo "make lint: git lists no files here"; exit 1; }
	@$(LINT)/bin/clang-format --dry-run --Werror $(cpp_files)
	@$(LINT)/bin/ruff format --check --quiet .
	@$(LINT)/bin/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary
	@$(LINT)/bin/codespell $$($(GIT) ls-files '*.py' '*.pyi' '*.h' '*.cpp' '*.c' '*.toml' '*.md' '*.yml' '*.sh' '*.txt' Makefile)
	@command -v shellcheck >/dev/null || tools/packages.sh shellcheck
	@shellcheck $$($(GIT) ls-files '*.sh' .ci)
	@$(LINT)/bin/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	@$(LINT)/bin/check-jsonschema --quiet --builtin-schema vendor.dependabot .github/dependabot.yml
	@$(LINT)/bin/check-jsonschema --quiet --builtin-schema vendor.github-issue-forms .github/ISSUE_TEMPLATE/bug.yml .github/ISSUE_TEMPLATE/idea.yml
	@$(LINT)/bin/check-jsonschema --quiet --builtin-schema vendor.github-issue-config .github/ISSUE_TEMPLATE/config.yml
	@$(LINT)/bin/zizmor --offline --quiet --no-progress --config .github/zizmor.yml .github

tidy: $(LINT)/.ready ## clang-tidy over our C++ (minutes); one file: FILES=src/wire/gate.cpp
	@$(MAKE) --no-print-directory build/tidy/build.ninja BUILD=build/tidy CMAKE_FLAGS=-DC104_TOGETHER=OFF
	@$(NINJA) -C build/tidy --quiet docstrings/docstrings.inc
	@printf '%s\n' $(or $(FILES),$$($(GIT) ls-files 'src/*.cpp')) | xargs -P $$(nproc) -n 1 $(LINT)/bin/clang-tidy -p build/tidy --quiet

style: lint tidy ## lint and tidy

hooks: $(LINT)/.ready ## let git run make lint before a commit and the architecture test before a push
	@$(LINT)/bin/pre-commit install

# Each sanitizer has its build and its copy of the package: the extension in python/ stays as it is. tests/sanitized.sh runs the tests.
sanitized_build = BUILD=build/$(1) PREFIX=$(abspath build/$(1)/python) CMAKE_FLAGS=-DC104_SANITIZE=$(2)
package_copy  = tar -C python --exclude='_core*' --exclude=__pycache__ -cf - c104 | tar -C build/$(1)/python -xf -
sanitized_tests = C104_PEER_PYTHON=$(abspath $(PEER)/bin/python) DOSE=$(or $(DOSE),0.1) tests/sanitized.sh $(1) $(abspath $(BIN)/python) "$(JOBS)" $(T)

test-poll: ## the tests over poll(), which other systems than Linux take
	@$(call native_build,build/native-poll,-DC104_POLLER=poll)
	$(MAKE) build BUILD=build/poll PREFIX=$(abspath build/poll/python) CMAKE_FLAGS=-DC104_POLLER=poll
	$(call package_copy,poll)
	$(NO_CACHES) PYTHONPATH=$(abspath build/poll/python) $(BIN)/python -m pytest $(JOBS) $(QUICK_T)

asan: $(PEER)/.ready ## tests and stress (DOSE=0.1) under the address, undefined-behaviour and leak sanitizers
	$(MAKE) build $(call sanitized_build,asan,address$(COMMA)undefined)
	$(call package_copy,asan)
	$(call sanitized_tests,asan)

tsan: $(PEER)/.ready ## tests and stress (DOSE=0.1) under the thread sanitizer
	$(MAKE) build $(call sanitized_build,tsan,thread)
	$(call package_copy,tsan)
	$(call sanitized_tests,tsan)

MINUTES ?= 60
stress: build ## threads, links and partners that misbehave, callbacks that do their worst: half an hour; DOSE=0.02 is short
	$(NO_CACHES) DOSE=$(or $(DOSE),1) $(BIN)/python -m pytest -q tests/stress

stress_table = DOSE=$(or $(DOSE),0.1) $(BIN)/python tests/compat/faults.py --table docs/explanation/reliability.md --patience 60
stress-peer: build $(PEER)-tests/.ready ## the stress suite beside the c104 on PyPI, into docs/explanation/reliability.md; WORDS="TLS noise"
	$(stress_table) $(PEER)-tests/bin/python $(WORDS)
	$(stress_table) --ours $(BIN)/python $(WORDS)

soak: build ## clients and servers under faults for MINUTES=60; build/soak has the samples. SOAK_FLAGS=--help
	$(NO_CACHES) PYTHONPATH=tests $(BIN)/python tests/soak/soak.py --minutes $(MINUTES) $(SOAK_FLAGS)

SECONDS ?= 60
fuzz: build ## libFuzzer for SECONDS=60 each; TARGET="link asdu explain client server"
	tests/fuzz/run.sh $(abspath $(BIN)/python) $(SECONDS) $(TARGET)

# ---------------------------------------------------------------------------------------------- packages

RELEASE := .venv-release
$(RELEASE)/.ready: tools/requirements-release.txt
	tools/setup.sh $(PYTHON) $(RELEASE) -rtools/requirements-release.txt
	@touch $@

sdist: $(RELEASE)/.ready ## source package with the C sources in it
	$(RELEASE)/bin/python -m build --sdist

wheel: $(RELEASE)/.ready ccache ## source package and tested wheels for glibc 2.17 into dist/; PY="3.9 3.13" names the Pythons
	$(RELEASE)/bin/python tools/make_wheels.py $(PY)

# Only the first Python's wheel compiles the C libraries then.
ccache:
	-@command -v ccache >/dev/null || tools/packages.sh ccache

test-wheels: $(RELEASE)/.ready $(PEER)/.ready ## all the tests with each wheel of dist/ installed
	$(NO_CACHES) $(RELEASE)/bin/python tools/test_packages.py wheels $(JOBS) $(QUICK_T)

test-sdist: $(RELEASE)/.ready ## pip installs the source package of dist/ without a network
	$(RELEASE)/bin/python tools/test_packages.py sdist

release: ## what RELEASING asks for before a tag: all checks, then packages and their tests (hours)
	$(MAKE) style test docs compat
	$(MAKE) asan tsan test-poll test-next cross
	$(MAKE) soak MINUTES=120
	$(MAKE) fuzz SECONDS=600
	$(MAKE) wheel
	$(MAKE) test-wheels test-sdist

cross: $(RELEASE)/.ready sources ## all but the bindings for macOS, Windows, musl and ARM; native tests with Wine and QEMU, where installed
	@PATH="$(abspath $(BIN)):$$PATH" $(RELEASE)/bin/python tools/cross_check.py

clean: ## forget what was built (sources and environments stay)
	rm -rf build dist python/c104/_core*.so

.PHONY: help ccache setup sources build test native test-all test-next types docs demo picture compat faults bench format lint tidy style hooks test-poll asan tsan stress stress-peer soak fuzz sdist wheel test-wheels test-sdist release cross clean
