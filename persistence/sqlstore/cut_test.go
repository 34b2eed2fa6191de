package sqlstore

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"

	"chatserver/configs/servers/servertest"
)

func TestAMigrationThatWasCutShortIsFinishedByTheNextNode(t *testing.T) {
	db := servertest.MariaDB(t)
	all := everyStatement(t)
	for name, cut := range map[string]int{"first": 8, "last": len(all) - 2} {
		url := newDatabase(t, db, name)
		if _, err := db.Query(t.Context(), "USE "+name+";"+strings.Join(all[:cut], ";")); err != nil {
			t.Fatal(err)
		}

		s := openOn(t, url, Options{})

		ann := register(t, s, "ann")
		if ann != 1 {
			t.Errorf("cut short in the %s one: user %d", name, ann)
		}
		mustAppend(t, s, note(ann, 0))
		if _, err := s.Changed(t.Context(), 0); err != nil {
			t.Error(err)
		}
	}
}

// everyStatement are the statements of all migrations.
func everyStatement(t *testing.T) (all []string) {
	t.Helper()
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	comment := regexp.MustCompile(`--.*`)
	for _, file := range files {
		text, err := migrations.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, strings.Split(comment.ReplaceAllString(string(text), ""), ";")...)
	}
	return slices.DeleteFunc(all, func(statement string) bool { return strings.TrimSpace(statement) == "" })
}

func TestTheTablesOfAnotherProgramAreLeftAlone(t *testing.T) {
	db := servertest.MariaDB(t)
	url := newDatabase(t, db, "chat")
	_, err := db.Query(t.Context(), "CREATE TABLE chat.user (id INT PRIMARY KEY AUTO_INCREMENT, name VARCHAR(50), password VARCHAR(50), state CHAR(7))")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), url, Options{}); err == nil || !strings.Contains(err.Error(), "namekey") {
		t.Errorf("opened: %v", err)
	}
}
