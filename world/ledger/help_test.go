package ledger_test

import (
	"context"
	"os"
)

var tContext = context.Background()

// tempDir is a directory for one case of a property, which has no TempDir of its own.
func tempDir(t interface{ Fatal(...any) }) (string, func()) {
	dir, err := os.MkdirTemp("", "ledger")
	if err != nil {
		t.Fatal(err)
	}
	return dir, func() { os.RemoveAll(dir) }
}
