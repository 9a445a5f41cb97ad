package main

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"
)

// pause lets the network have its turn.
func pause() { time.Sleep(2 * time.Millisecond) }

func TestWrongFlagsGetASentence(t *testing.T) {
	for _, tc := range []struct {
		args []string
		want string
	}{
		{[]string{"-rankr", "x"}, "see souk -help"},
		{[]string{"-ranker", "best"}, `-ranker "best" is unknown: give one of ranker, popularity, random, none`},
		{[]string{"-quality", "best"}, `-quality "best"`},
		{[]string{"-lang", "fr"}, `-lang "fr" is unknown: give one of en, zh`},
		{[]string{"-consent", "yes"}, `-consent "yes" is unknown: give none, local or share`},
		{[]string{"-width", "3"}, "is no window"},
		{[]string{"-seconds", "-3"}, "-seconds -3 cannot be"},
		{[]string{"-seconds", "NaN"}, "cannot be"},
		{[]string{"-frames", "-1"}, "-frames -1 cannot be"},
		{[]string{"-seed", "x"}, "see souk -help"},
		{[]string{"-scale", "4"}, "-scale 4 is out of range"},
		{[]string{"-vignette", "black"}, `-vignette "black" is unknown: give one of off, low, high`},
		{[]string{"-volume", "11"}, `-volume "11" is unknown: give one of off, low, medium, high`},
		{[]string{"-snap", "20"}, "give one of 0, 30, 45"},
		{[]string{"-hour", "25"}, "-hour 25 is no time of day"},
		{[]string{"-hour", "NaN"}, "no time of day"},
		{[]string{"-mouse", "9"}, "-mouse 9 is out of range"},
		{[]string{"-minutes", "1", "-seconds", "1"}, "give one"},
		{[]string{"-record", "x", "-no-record"}, "contradict"},
		{[]string{"walk"}, `there is no argument "walk"`},
	} {
		var out, errs bytes.Buffer
		if code := run(tc.args, &out, &errs); code != 2 {
			t.Errorf("%v: status %d", tc.args, code)
		}
		if got := errs.String(); !strings.Contains(got, tc.want) || strings.Count(got, "\n") != 1 {
			t.Errorf("%v: %q", tc.args, got)
		}
	}
}

func TestFlags(t *testing.T) {
	o, err := parse([]string{"-minutes", "2", "--shopper", "-seed=9", "-lang", "zh"}, io.Discard)
	if err != nil || o.seconds != 120 || !o.shopper || o.seed != 9 || o.lang != "zh" || o.width != 1280 || o.ranker != "ranker" {
		t.Errorf("%+v, %v", o, err)
	}
	var out bytes.Buffer
	if code := run([]string{"-help"}, &out, io.Discard); code != 0 || !strings.Contains(out.String(), "-catalogue") {
		t.Errorf("help: status %d, %q", code, out.String())
	}
}
