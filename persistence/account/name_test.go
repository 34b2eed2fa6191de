package account

import (
	"strings"
	"testing"

	"chatserver/persistence"
)

func TestNamesThatPeopleTakeForTheSameHaveOneKey(t *testing.T) {
	for what, names := range map[string][]string{
		"case":        {"Ann", "ann", "ANN"},
		"width":       {"Ann", "Ａｎｎ"},
		"composition": {"éva", "e\u0301va", "E\u0301VA"},
		"greek":       {"Σίσυφος", "ΣΊΣΥΦΟΣ", "σίσυφος"},
		"cyrillic":    {"Анна", "анна"},
		"kelvin":      {"kim", "\u212aim"},
	} {
		t.Run(what, func(t *testing.T) {
			_, want, err := Name(names[0])
			if err != nil {
				t.Fatal(err)
			}
			for _, n := range names[1:] {
				if _, key, err := Name(n); err != nil || string(key) != string(want) {
					t.Errorf("%q has key %q, %v; want %q", n, key, err, want)
				}
			}
		})
	}
}

func TestNamesThatDifferHaveKeysThatDiffer(t *testing.T) {
	keys := map[string]string{}
	for _, n := range []string{
		"ann", "anna", "an_n", "änn", "istanbul", "İstanbul", "ıstanbul", "strasse", "straße",
		"张三", "張三", "a", "а" /* Cyrillic */, "1", "01", "१", "がき", "かき", "ガキ",
	} {
		_, key, err := Name(n)
		if err != nil {
			t.Fatalf("%q: %v", n, err)
		}
		if other, taken := keys[string(key)]; taken {
			t.Errorf("%q and %q have one key", n, other)
		}
		keys[string(key)] = n
	}
}

func TestNamesAreShownAsTheyWereGivenButComposedAndNarrow(t *testing.T) {
	for given, want := range map[string]string{
		"Ann": "Ann", "e\u0301va": "éva", "Ａｎｎ": "Ann", "张三": "张三", "أحمد": "أحمد", "שלום": "שלום",
		"हिन्दी": "हिन्दी", "ann_b-c.d": "ann_b-c.d", strings.Repeat("长", 32): strings.Repeat("长", 32),
	} {
		if got, _, err := Name(given); err != nil || got != want {
			t.Errorf("%q is shown as %q, %v; want %q", given, got, err, want)
		}
	}
}

func TestNamesOutsideTheRulesAreRefused(t *testing.T) {
	for what, name := range map[string]string{
		"of a closed account": persistence.ClosedName,
		"empty":               "", "33 characters": strings.Repeat("长", 33), "space": "zhang san", "emoji": "ann👋", "quote": `a"b`,
		"control": "a\nb", "NUL": "a\x00", "joiner": "a\u200db", "override": "a\u202eb", "ligature": "ﬁn", "numeral": "Ⅷ",
		"two directions": "annأحمد", "mark first": "\u0301a", "broken UTF-8": "a\xff", "slash": "a/b", "at": "a@b",
	} {
		if got, _, err := Name(name); err == nil {
			t.Errorf("%s: %q was taken as %q", what, name, got)
		}
	}
}

func TestGroupNamesThatPeopleTakeForTheSameHaveOneKey(t *testing.T) {
	for what, names := range map[string][]string{
		"case and spaces": {"C++ chat group", "c++  Chat\u00a0Group", " C++ CHAT GROUP "},
		"width":           {"ガキ", "ｶﾞｷ"},
		"sigma":           {"ΣΊΣΥΦΟΣ", "Σίσυφος"},
		"emoji variants":  {"I ❤ tea", "i ❤\ufe0f Tea"},
	} {
		t.Run(what, func(t *testing.T) {
			_, want, err := GroupName(names[0])
			if err != nil {
				t.Fatal(err)
			}
			for _, n := range names[1:] {
				if _, key, err := GroupName(n); err != nil || string(key) != string(want) {
					t.Errorf("%q has key %q, %v; want %q", n, key, err, want)
				}
			}
		})
	}
}

func TestGroupNamesAreShownAsTheyWereGivenButComposedAndTrimmed(t *testing.T) {
	for given, want := range map[string]string{
		" tea  time ": "tea  time", "e\u0301": "é", "👨\u200d👩\u200d👧": "👨\u200d👩\u200d👧", "①": "①", "قهوة & tea": "قهوة & tea",
	} {
		if got, _, err := GroupName(given); err != nil || got != want {
			t.Errorf("%q is shown as %q, %v; want %q", given, got, err, want)
		}
	}
}

func TestGroupNamesOutsideTheRulesAreRefused(t *testing.T) {
	for what, name := range map[string]string{
		"empty": "", "blank": "  ", "51 characters": strings.Repeat("x", 51), "line": "a\nb", "escape": "a\x1b[2J",
		"override": "a\u202eb", "only joiners": "\u200d\ufe0f", "broken UTF-8": "a\xff", "long when folded": strings.Repeat("ﷺ", 50),
	} {
		if got, _, err := GroupName(name); err == nil {
			t.Errorf("%s: %q was taken as %q", what, name, got)
		}
	}
}

func TestGroupDescriptionsAreOneLineOfUpTo200Characters(t *testing.T) {
	for desc, ok := range map[string]bool{
		"": true, "start develop a project": true, strings.Repeat("长", 200): true, strings.Repeat("x", 201): false,
		"two\nlines": false, "a\tb": false, "a\x7f": false, "a\xff": false, "👨\u200d👩\u200d👧 & more": true,
	} {
		if _, err := GroupDesc(desc); (err == nil) != ok {
			t.Errorf("%q: %v", desc, err)
		}
	}
}

func FuzzNameIsItsOwnForm(f *testing.F) {
	for _, s := range []string{"Ann", "Σίσυφος", "İ", "e\u0301", "Ａ", "أحمد", "हिन्दी", "ẞ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		name, key, err := Name(s)
		if err != nil {
			return
		}
		again, sameKey, err := Name(name)
		if err != nil || again != name || string(sameKey) != string(key) {
			t.Errorf("%q is shown as %q with key %q, which is shown as %q with key %q, %v", s, name, key, again, sameKey, err)
		}
	})
}
