package look_test

import (
	"os"
	"strings"
	"testing"

	"souk/input/look"
)

// TestReadmePrintsTheControlsThatTheProgramObeys keeps the README's table true.
func TestReadmePrintsTheControlsThatTheProgramObeys(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(readme), look.Markdown()) {
		t.Errorf("the README's controls are not those of the program; put this in:\n%s", look.Markdown())
	}
}
