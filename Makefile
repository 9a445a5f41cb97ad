# Souk. `make run` opens the market; `make test` does everything that CI does.
# Both install missing system packages first and say so: see packages.sh.
.PHONY: run test bench build

build:
	go build -o build/ ./cmd/...
