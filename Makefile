# SPDX-License-Identifier: GPL-3.0-or-later
# One obvious way to do each daily thing. `make` lists them.

PYTHON ?= python3
VENV   := .venv
PEER   := .venv-peer
BIN    := $(VENV)/bin
BUILD  ?= build/dev
T      ?= tests
NINJA   = $(BIN)/ninja

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

# ---------------------------------------------------------------------------------------------- set-up

$(VENV)/.ready: pyproject.toml tools/setup.sh
	tools/setup.sh $(PYTHON) $(VENV)
	@touch $@

$(PEER)/.ready: tools/setup.sh
	tools/setup.sh $(PYTHON) $(PEER) c104==2.2.1
	@touch $@

setup: $(VENV)/.ready ## system packages, virtual environment

sources: $(VENV)/.ready ## the C sources of lib60870-C and mbedTLS
	@$(BIN)/python lib60870/fetch.py

$(BUILD)/build.ninja: $(VENV)/.ready CMakeLists.txt lib60870/CMakeLists.txt lib60870/sources.json
	@$(BIN)/cmake -S . -B $(BUILD) -G Ninja -DCMAKE_MAKE_PROGRAM=$(abspath $(NINJA)) -DPython_EXECUTABLE=$(abspath $(BIN)/python) \
	  -DC104_WERROR=ON $(CMAKE_FLAGS) -DCMAKE_INSTALL_PREFIX=$(abspath python)

build: $(BUILD)/build.ninja ## build the extension into python/c104 (seconds when little changed)
	@$(NINJA) -C $(BUILD) --quiet install

# ---------------------------------------------------------------------------------------------- daily

test: build $(PEER)/.ready ## the tests; one of them: make test T=tests/test_x.py
	C104_PEER_PYTHON=$(abspath $(PEER)/bin/python) $(BIN)/python -m pytest $(T)

demo: build ## a simulated substation and a client; HOST=... [PORT=2404] reads a real one
	@$(BIN)/python examples/demo.py $(if $(HOST),--host $(HOST)) $(if $(PORT),--port $(PORT)) $(DEMO_FLAGS)

compat: build $(PEER)/.ready ## differences from the c104 on PyPI
	$(BIN)/python tests/compat/compare.py --peer $(PEER)/bin/python

SANITIZED = LD_PRELOAD="$$(gcc -print-file-name=lib$(1).so) $$(g++ -print-file-name=libstdc++.so)"

asan: ## the tests under address and undefined-behaviour sanitizers
	$(MAKE) build BUILD=build/asan CMAKE_FLAGS="-DC104_SANITIZE=address,undefined -DCMAKE_INSTALL_PREFIX=$(abspath build/asan/python)"
	cp python/c104/*.py python/c104/*.pyi build/asan/python/c104/
	$(call SANITIZED,asan) PYTHONPATH=build/asan/python PYTHONMALLOC=malloc ASAN_OPTIONS=detect_leaks=0 C104_SANITIZED=1 \
	  $(BIN)/python -m pytest $(T)

tsan: ## the tests under the thread sanitizer
	$(MAKE) build BUILD=build/tsan CMAKE_FLAGS="-DC104_SANITIZE=thread -DCMAKE_INSTALL_PREFIX=$(abspath build/tsan/python)"
	cp python/c104/*.py python/c104/*.pyi build/tsan/python/c104/
	$(call SANITIZED,tsan) PYTHONPATH=build/tsan/python TSAN_OPTIONS="halt_on_error=0 exitcode=66" C104_SANITIZED=1 \
	  $(BIN)/python -m pytest $(T)

# ---------------------------------------------------------------------------------------------- packages

sdist: $(VENV)/.ready ## source package with the C sources in it
	$(BIN)/python -m build --sdist

wheel: $(VENV)/.ready ## wheel for this Python
	$(BIN)/python -m build --wheel

clean: ## forget what was built (sources and environments stay)
	rm -rf build dist python/c104/_core*.so

.PHONY: help setup sources build test demo compat asan tsan sdist wheel clean
