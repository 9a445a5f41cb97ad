package look_test

import (
	"os"
	"strings"
	"testing"

	"souk/input/look"
)

// The README prints the table that the program obeys.
func TestReadmeHasTheControls(t *testing.T) {
	b, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	if text := string(b); strings.Contains(text, "| Keys and mouse |") && !strings.Contains(text, look.Markdown()) {
		t.Errorf("the README's controls are out of date; they are:\n%s", look.Markdown())
	}
}
