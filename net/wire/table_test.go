package wire_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

func TestTheTableNamesTestsThatAreThere(t *testing.T) {
	table, err := os.ReadFile("table.go")
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	for _, folder := range []string{"actors", "cmd/node/e2e"} {
		files, err := filepath.Glob(filepath.Join("../..", folder, "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			code, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, found := range regexp.MustCompile(`(?m)^func (Test\w+)\(`).FindAllSubmatch(code, -1) {
				there[string(found[1])] = true
			}
		}
	}
	named := regexp.MustCompile(`Test\w+`).FindAllString(string(table), -1)
	if len(named) < 40 {
		t.Errorf("the table names %d tests", len(named))
	}
	for _, name := range named {
		if !there[name] {
			t.Errorf("the table names %s, which is not there", name)
		}
	}
}
