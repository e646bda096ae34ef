# Frontdesk. The two commands that matter: `make run` and `make test`.
#
# Everything the project builds or downloads for itself stands in build/.

SHELL       := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := build
MAKEFLAGS   += --no-print-directory

export GOAMD64 := v1
export GOFLAGS := -buildvcs=false

BIN   := build/bin
TOOLS := build/tools
TAGS  := migrated_fynedo

GOFUMPT     := $(TOOLS)/gofumpt-v0.9.2
STATICCHECK := $(TOOLS)/staticcheck-v0.7.0

WINDOW   := frontdesk/cmd/frontdesk
PROGRAMS := frontdeskctl frontdesk-relay frontdesk-sim
# Every package but the window, which alone needs cgo.
ROOMS = $(shell CGO_ENABLED=1 go list ./... | grep -vx $(WINDOW))

DEB_BUILD   := gcc libc6-dev libgl1-mesa-dev xorg-dev libwayland-dev libxkbcommon-dev
DEB_DISPLAY := xvfb libgl1-mesa-dri openbox xdotool xclip
DEB_KEYRING := dbus gnome-keyring
# Ubuntu has its Chromium under another name.
DEB_BROWSER = $(if $(shell grep -s '^ID=ubuntu' /etc/os-release),chromium-browser,chromium)
# Sizes of the long campaigns; `make crash` and `make fuzz` run the full ones.
CRASH    ?= 1000
REFUND_CRASH ?= 500
FUZZTIME ?= 10m
SEEDS ?= 1000
FIRST ?= 1
PLANT ?=

.PHONY: build run demo live troubles standin test lint fmt cross race window smoke pictures bench fuzz crash simulate terminal-cuts clean need-build need-display need-keyring

## build: the four programs into build/bin
build: window
	CGO_ENABLED=0 go build -o $(BIN)/ $(addprefix ./cmd/,$(PROGRAMS))

window: need-build
	CGO_ENABLED=1 go build -tags $(TAGS) -o $(BIN)/frontdesk ./cmd/frontdesk

## run: open Frontdesk in Practice; without a display, run the demo instead
run: build
	@if [ -n "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ] || [ "$$(uname -s)" != Linux ]; then \
		exec $(BIN)/frontdesk; \
	fi; \
	echo "There is no display here (DISPLAY and WAYLAND_DISPLAY are empty)."; \
	echo "Frontdesk is driven through a whole charge on a virtual display instead: make demo."; \
	$(MAKE) demo

## demo: the real window on a virtual display, through a whole charge, paid in a real browser
demo: build need-display
	CGO_ENABLED=0 go run ./cmd/internal/demo -window $(BIN)/frontdesk -ctl $(BIN)/frontdeskctl -out build/demo

## live: the same window as an owner's in Live, against the stand-in and a relay behind TLS
live: standin need-display
	CGO_ENABLED=0 go run ./cmd/internal/demo $(STANDIN) -out build/live

## troubles: the window on a day on which everything goes wrong with money, and on the day after, by keyboard
troubles: standin need-display
	CGO_ENABLED=0 go run ./cmd/internal/demo -troubles $(STANDIN) -out build/troubles

# The programs as they are in Live against a stand-in; packages are never built with tag simlive.
STANDIN = -window build/live/bin/frontdesk -ctl build/live/bin/frontdeskctl \
	-sim build/live/bin/frontdesk-sim -relay build/live/bin/frontdesk-relay

standin: need-build
	CGO_ENABLED=1 go build -tags $(TAGS),simlive -o build/live/bin/frontdesk ./cmd/frontdesk
	CGO_ENABLED=0 go build -tags simlive -o build/live/bin/ ./cmd/frontdeskctl
	CGO_ENABLED=0 go build -o build/live/bin/ ./cmd/frontdesk-relay ./cmd/frontdesk-sim

## test: everything, cheap checks first
test: need-build need-display need-keyring lint cross race smoke demo live
	@echo "All tests passed."

## lint: format, vet, staticcheck, and the rules of the house
lint: $(GOFUMPT) $(STATICCHECK)
	@unformatted=$$($(GOFUMPT) -l .); \
	if [ -n "$$unformatted" ]; then echo "Not formatted as gofumpt wants (make fmt):"; echo "$$unformatted"; exit 1; fi
	CGO_ENABLED=0 go test ./cmd/internal/house
	CGO_ENABLED=0 go vet $(ROOMS)
	CGO_ENABLED=0 $(STATICCHECK) $(ROOMS)

fmt: $(GOFUMPT)
	$(GOFUMPT) -w .

## cross: everything but the window builds without cgo for the other systems
# (tag ci is Fyne's own: it leaves out the one part that asks macOS for its scroll bars through cgo)
cross:
	CGO_ENABLED=0 GOOS=windows GOARCH=amd64 go build $(ROOMS)
	CGO_ENABLED=0 GOOS=darwin GOARCH=arm64 go build -tags ci $(ROOMS)

## race: all tests of everything but the window, under the race detector
# (but the stories: one goroutine draws them, nothing to race and ten times as slow;
# and the simulated days, which run on one processor: they run beside the others,
# which wait for programs, disks and clocks half of the time)
race: need-build need-display need-keyring
	@mkdir -p build
	@CGO_ENABLED=0 nice go test -timeout 15m ./ui/stories ./cmd/internal/simulate >build/alone.log 2>&1 & alone=$$!; \
	CGO_ENABLED=1 go test -race -timeout 8m $(filter-out %/ui/stories %/internal/simulate,$(ROOMS)) || { kill $$alone; exit 1; }; \
	code=0; wait $$alone || code=$$?; cat build/alone.log; exit $$code

## smoke: the window built with Fyne's thread checks on must not trip one of them
smoke: need-build need-display
	CGO_ENABLED=1 go vet -tags $(TAGS) ./cmd/frontdesk
	CGO_ENABLED=1 go test -tags $(TAGS) ./cmd/frontdesk
	CGO_ENABLED=1 go build -o build/smoke/frontdesk ./cmd/frontdesk
	CGO_ENABLED=0 go run ./cmd/internal/demo -smoke -window build/smoke/frontdesk -out build/smoke

## pictures: the picture book of every screen and state
pictures:
	CGO_ENABLED=0 FRONTDESK_LOOKS=all go test -count 1 -timeout 60m -run '^TestNothingIsCutOrCovered$$' ./ui/stories
	CGO_ENABLED=0 go run ./ui/stories/book -out build/pictures

## bench: the ratios of the product's speed goals, measured in one run and printed
bench:
	CGO_ENABLED=0 go run ./cmd/internal/bench

## fuzz: every fuzz target for FUZZTIME each
fuzz:
	@for package in $(ROOMS); do \
		for target in $$(CGO_ENABLED=0 go test -list '^Fuzz' $$package | grep '^Fuzz' || true); do \
			echo "== $$package $$target"; \
			CGO_ENABLED=0 go test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) $$package; \
		done; \
	done

## crash: kill -9 at random points of CRASH charges and REFUND_CRASH refunds, and at every commit and frame of payments on a terminal
crash:
	CGO_ENABLED=0 FRONTDESK_CRASH=$(CRASH) FRONTDESK_REFUND_CRASH=$(REFUND_CRASH) FRONTDESK_TERMINAL_CRASH=all go test -run Crash -count 1 -timeout 6h -v ./cmd/frontdeskctl

## simulate: SEEDS days of a salon from seed FIRST on, in which everything goes wrong; PLANT=1 plants a bug and must fail
simulate:
	@CGO_ENABLED=0 go test -c -o build/simulate.test ./cmd/internal/simulate
	@FRONTDESK_SEEDS=$(SEEDS) FRONTDESK_FIRST=$(FIRST) FRONTDESK_PLANT=$(PLANT) \
		build/simulate.test -test.run '^TestSimulate$$' -test.timeout 0 | sed '/^PASS$$/d'

## terminal-cuts: the line to a terminal cut at every byte, both ways, for every script and outcome
terminal-cuts:
	CGO_ENABLED=0 FRONTDESK_CUTS=full go test -run '^TestCuts' -count 1 -timeout 6h -v ./payments/terminal

clean:
	rm -rf build

$(GOFUMPT):
	@mkdir -p $(TOOLS)
	CGO_ENABLED=0 GOBIN=$(CURDIR)/$(TOOLS) go install mvdan.cc/gofumpt@v0.9.2
	@mv $(TOOLS)/gofumpt $@

$(STATICCHECK):
	@mkdir -p $(TOOLS)
	CGO_ENABLED=0 GOBIN=$(CURDIR)/$(TOOLS) go install honnef.co/go/tools/cmd/staticcheck@v0.7.0
	@mv $(TOOLS)/staticcheck $@

# $(call apt,PACKAGES): on Debian and Ubuntu, install those that are not there.
define apt
	@missing=""; \
	if command -v dpkg-query >/dev/null; then \
		for p in $(1); do \
			[ "$$(dpkg-query -W -f '$${db:Status-Status}' $$p 2>/dev/null || true)" = installed ] || missing="$$missing $$p"; \
		done; \
	fi; \
	if [ -n "$$missing" ]; then \
		as=""; [ "$$(id -u)" = 0 ] || as=sudo; \
		echo "Installing:$$missing"; \
		$$as apt-get update -q; \
		$$as env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $$missing; \
	fi
endef

need-build:
	$(call apt,$(DEB_BUILD))

need-display:
	$(call apt,$(DEB_DISPLAY) $(if $(shell command -v chromium chromium-browser google-chrome google-chrome-stable),,$(DEB_BROWSER)))

# The Secret Service, for the tests that keep a key in a real keyring.
need-keyring:
	$(call apt,$(DEB_KEYRING))
