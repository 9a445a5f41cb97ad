#!/bin/sh
# protoc's Go plugin in the version that go.mod pins.
exec go tool protoc-gen-go "$@"
