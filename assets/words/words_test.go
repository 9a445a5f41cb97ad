package words_test

import (
	"reflect"
	"strings"
	"testing"
	"unicode"

	"souk/assets/words"
	"souk/scene/lettering"
)

// Every text exists in both languages, takes the same arguments, and the
// Chinese is Chinese.
func TestBothLanguagesAreWhole(t *testing.T) {
	en, zh := reflect.ValueOf(*words.In("en")), reflect.ValueOf(*words.In("zh"))
	for i := range en.NumField() {
		name, a, b := en.Type().Field(i).Name, en.Field(i).String(), zh.Field(i).String()
		if a == "" || b == "" {
			t.Errorf("%s is empty", name)
		}
		if verbs(a) != verbs(b) || (verbs(a) != "") != strings.HasSuffix(name, "F") {
			t.Errorf("%s: %q and %q take different arguments, or its name does not say that it takes any", name, a, b)
		}
		if !strings.ContainsFunc(b, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
			t.Errorf("%s is not Chinese: %q", name, b)
		}
	}
}

func verbs(s string) string {
	var v []string
	for i := range len(s) - 1 {
		if s[i] == '%' {
			v = append(v, s[i:i+2])
		}
	}
	return strings.Join(v, " ")
}

// Every character of every text is in a font, on this machine and on one that
// has no fonts at all.
func TestNoGlyphIsMissing(t *testing.T) {
	found, err := lettering.LoadFonts()
	if err != nil {
		t.Fatal(err)
	}
	builtIn, err := lettering.LoadFontsFrom()
	if err != nil {
		t.Fatal(err)
	}
	for name, f := range map[string]*lettering.Faces{"fonts found": found, "fonts built in": builtIn} {
		for _, lang := range words.Languages() {
			v := reflect.ValueOf(*words.In(lang))
			for i := range v.NumField() {
				if m := f.Missing(nil, v.Field(i).String()); len(m) > 0 {
					t.Errorf("%s, %s, %s: no glyph for %q", name, lang, v.Type().Field(i).Name, m)
				}
			}
		}
	}
}
