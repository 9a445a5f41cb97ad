# Souk. Two commands matter:
#
#   make run    opens the market (where there is no display: a virtual one, with the simulated shopper, for 60 s)
#   make test   everything that has to pass
#
# Both install missing system packages first and say so: see packages.sh.

GO      ?= go
# Vector instructions for the ranker and for training (simd/archsimd); what lacks them runs portable loops.
export GOEXPERIMENT ?= simd
SCREEN  := -screen 0 1920x1080x24
# A virtual display for what draws; llvmpipe is Mesa's software OpenGL.
XVFB    := xvfb-run -a -s "$(SCREEN)"
# Packages with goroutines or shared state: tested once more under the race detector.
RACE    := ./world/... ./attention/internal/... ./attention/record/... ./attention/train/... ./scene/sound/... ./cmd/internal/...
WASM    := build/console/soukview.wasm

.PHONY: run test build check unit race bench bench-scene bench-layers bench-scenario soak console generate packages-run packages-test clean

run: packages-run build
	@if [ -n "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ]; then \
		build/souk; \
	else \
		echo "souk: there is no display here; running in a virtual one with the simulated shopper for 60 seconds"; \
		$(XVFB) build/souk -shopper -seconds 60 -width 1280 -height 720 -report build/report; \
	fi

test: packages-test check unit race
	@echo "souk: all checks passed"

packages-run:
	@./packages.sh run

packages-test:
	@./packages.sh test

build: console
	$(GO) build -o build/ ./cmd/...

# The operator's console for the browser; soukd serves it at /console.
console:
	@mkdir -p build/console
	GOOS=js GOARCH=wasm $(GO) build -trimpath -ldflags "-s -w" -o $(WASM) ./cmd/soukview
	@cp "$$($(GO) env GOROOT)/lib/wasm/wasm_exec.js" cmd/soukview/index.html build/console/

check:
	@test -z "$$(gofmt -l .)" || { gofmt -l .; echo "souk: the files above are not formatted: run gofmt -w ." >&2; exit 1; }
	$(GO) vet ./...
	$(GO) tool staticcheck ./...

unit: console
	$(XVFB) $(GO) test -timeout 9m ./...

race:
	$(GO) test -race -short -timeout 9m $(RACE)

# Writes build/bench.txt: time, bytes and allocations of each hot path, with a baseline beside it.
bench: packages-run
	@mkdir -p build
	$(XVFB) $(GO) test -run '^$$' -bench . -benchmem ./... | tee build/bench.txt

# The scene's speed: empty frames and g3n's own way with 50,000 cubes, then a walk
# of a minute through 50,000 items in two sizes. On a machine with a graphics card it uses the display that there is.
SCENE := $(if $(DISPLAY)$(WAYLAND_DISPLAY),,$(XVFB))
bench-scene: packages-run build
	@{ $(SCENE) $(GO) test ./scene/market -run '^$$' -bench 'Floor|Naive' -benchtime 2s && \
	for size in "-width 1280 -height 720" "-width 960 -height 540"; do \
		$(SCENE) build/souk -pace 60s $$size -no-record -data build/pace || exit 1; \
	done; } | tee build/bench-scene.txt

# What each layer of a frame and each quality costs, standing still.
bench-layers: packages-run
	@mkdir -p build
	$(SCENE) $(GO) test ./scene/market -run '^$$' -bench 'Floor|Frame|Without|Stereo' -benchtime 2s | tee build/bench-layers.txt

# 100,000 people, 50,000 items and ten million events: draws the log, cleans, trains,
# evaluates and exports, and prints the seconds and the peak memory of each.
bench-scenario:
	@mkdir -p build
	$(GO) build -o build/souklab ./cmd/souklab
	build/souklab scenario | tee build/bench-scenario.txt

# Walks for half an hour through 50,000 items and fails where memory, goroutines
# or what is on the graphics card grows: table, CSV and plot in build/soak.
soak: packages-run build
	$(XVFB) build/souk -soak 30m -hidden -report build/soak

# Makes the shipped assets again, from their seeds.
generate:
	$(GO) generate ./assets

clean:
	rm -rf build
