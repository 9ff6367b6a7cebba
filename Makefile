# `make run` starts the demonstration, `make test` proves the tree; both install what is missing first.
PORT ?= 8000
DRAWN := $(basename $(notdir $(wildcard workflows/*.yaml)))

.PHONY: run test check bench draw words format

run:
	@deploy/setup run
	@exec deploy/start $(PORT)

test:
	@deploy/setup test
	@deploy/verify all

check:
	@deploy/setup test
	@deploy/verify lint

bench:
	@deploy/setup test
	@.venv/bin/python -m benchmarks $(ROOMS)

draw:
	@deploy/setup run
	@mkdir -p docs/workflows
	@for name in $(DRAWN); do \
		.venv/bin/metstandard draw $$name --out docs/workflows/$$name.svg && echo "docs/workflows/$$name.svg" || exit 1; \
	done

# The sentences of the public door: put the new ones into every catalogue, take out those that are gone.
words:
	@deploy/setup test
	@.venv/bin/python -m tests.house.sentences

format:
	@deploy/setup test
	@.venv/bin/ruff check --fix .
	@.venv/bin/ruff format .
