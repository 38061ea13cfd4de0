# SPDX-License-Identifier: GPL-3.0-or-later
# make demo           the whole system on this machine, offenders included
# make demo-cometbft  the same with light clients of CometBFT chains, a block of the Cosmos Hub among them
# make test           everything that is checked before a change is taken
# make up             the same system, left running; make down ends it
# make bench          speed beside its peers'; BENCH="prove-16 verify" runs some of it, RAPIDSNARK=file names rapidsnark
.DEFAULT_GOAL := demo
.PHONY: demo demo-cometbft test up down setup install lint bench
.DELETE_ON_ERROR:

# Children that make is not told of (Node's) clean up by themselves on SIGINT and SIGTERM.
SHELL := /bin/sh
PHALANX := node cli/phalanx.mjs

demo: install
	@$(PHALANX) demo

demo-cometbft: install
	@$(PHALANX) demo-cometbft

up: install
	@$(PHALANX) up

down:
	@$(PHALANX) down

setup: install
	@$(PHALANX) setup

test: install
	@node --import tsx test/run-all.ts

bench: install
	@node prover/native/install.mjs --all
	@node --import tsx test/bench/main.ts $(BENCH)

lint: install
	@npx --no-install eslint .
	@npx --no-install prettier --check --log-level warn '**/*.{ts,mjs}'
	@npx --no-install tsc --noEmit

install: node_modules/.phalanx-stamp
	@node prover/native/install.mjs
	@sh cli/system/need-redis.sh

# As package-lock.json asks, and again when it changes. The engine is built again whenever its own sources change.
node_modules/.phalanx-stamp: package.json package-lock.json
	@node cli/system/need-node.mjs
	npm ci --no-audit --no-fund
	@touch $@
