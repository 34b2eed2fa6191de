package main

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"

	"chatserver/actors"
)

// kebab writes a field's name as a key: PerAddress as per-address.
func kebab(field string) string {
	return strings.ToLower(regexp.MustCompile(`([a-z])([A-Z])`).ReplaceAllString(field, "$1-$2"))
}

func TestEveryLimitIsAKeyOfItsOwn(t *testing.T) {
	fields := reflect.TypeFor[actors.Limits]()
	for i := range fields.NumField() {
		key := "limits." + kebab(fields.Field(i).Name)
		got := Default()
		text, value := "77", reflect.ValueOf(77)
		if fields.Field(i).Type == reflect.TypeFor[time.Duration]() {
			text, value = "77ms", reflect.ValueOf(77*time.Millisecond)
		}

		if err := flagsOf(&got).Set(key, text); err != nil {
			t.Errorf("%s: %v", key, err)
			continue
		}

		want := Default()
		reflect.ValueOf(&want.Limits).Elem().Field(i).Set(value)
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s %s gave %+v", key, text, got.Limits)
		}
	}
}

// written writes text to a configuration file and returns its path.
func written(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "node.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFileSetsWhatTheCommandLineDoesNot(t *testing.T) {
	path := written(t, `
listen: [tcp://127.0.0.1:1, tcp://127.0.0.1:2]
admin: ""
limits:
  rate: 5
  write: 20s
  per-address: 7
classic.pace: 0s
`)
	_, got, err := parse([]string{"--config", path, "--limits.rate", "6", "check"})
	if err != nil {
		t.Fatal(err)
	}

	want := Default()
	want.Listen, want.Admin = []string{"tcp://127.0.0.1:1", "tcp://127.0.0.1:2"}, ""
	want.Limits.Rate, want.Limits.Write, want.Limits.PerAddress = 6, 20*time.Second, 7
	want.Pace = 0
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
}

func TestListOnTheCommandLineReplacesTheFiles(t *testing.T) {
	path := written(t, "listen: tcp://127.0.0.1:1")
	_, got, err := parse([]string{"--listen", "tcp://127.0.0.1:2", "--listen", "tcp://127.0.0.1:3", "--config", path})
	if err != nil || len(got.Listen) != 2 || got.Listen[0] != "tcp://127.0.0.1:2" {
		t.Errorf("got %q, %v", got.Listen, err)
	}
}

func TestAllFaultsOfAFileAreToldWithTheirLines(t *testing.T) {
	path := written(t, `nme: ann
limits:
  rate: fast
  idle:
  rat: {e: 1}
  batch: [1]
name: a
config: x
limits.rate: 3
`)
	_, _, err := parse([]string{"--config", path})
	if err == nil {
		t.Fatal("no fault")
	}
	want := []string{
		":1: nme: there is no such key, see configs/node.yaml",
		`:3: limits.rate: "fast" is not a whole number`,
		":4: limits.idle: give it a duration such as 2ms or 10s",
		":5: limits.rat.e: there is no such key, see configs/node.yaml",
		":6: limits.batch: give it a whole number",
		":8: config: there is no such key, see configs/node.yaml",
		":9: limits.rate: it stands in line 3 already",
	}
	got := strings.Split(err.Error(), "\n")
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != path+want[i] {
			t.Fatalf("got\n%v\nwant\n%s", err, strings.Join(want, "\n"))
		}
	}
}

func TestFileThatIsNoMapIsRefusedAndAnEmptyOneIsNot(t *testing.T) {
	for text, want := range map[string]string{
		"":                      "",
		"# nothing":             "",
		"- a":                   "no map of keys",
		"a: [":                  "node.yaml: ",
		"limits: 5":             "limits: there is no such key",
		"limits: {}":            "",
		"a: &x {b: *x}":         "a.b: there is no such key",
		"name: a\n---\nname: b": "a second document",
	} {
		_, _, err := parse([]string{"--config", written(t, text)})
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func TestAllFaultsOfAConfigurationAreToldAtOnce(t *testing.T) {
	cfg := Config{
		Name: "a b", Listen: []string{"wss://a:1"}, Store: "mysql://root:secret@db/chat?tsl=true", Bus: "redis://:secret@r:x", KeyFile: "no such file", Admin: "6060",
		TimeZone: "Local", LogLevel: "loud", LogFormat: "xml", LoginPolicy: "first", Argon2: "much",
		MaxObject: 100, Pace: time.Minute, Limits: actors.DefaultLimits(),
	}
	cfg.Limits.Rate, cfg.Limits.Batch, cfg.Limits.Outbound = -1, 0, 99
	cfg.Limits.Silence, cfg.Limits.Job = time.Minute, cfg.Limits.Reply

	err := cfg.Validate()
	if err == nil {
		t.Fatal("no fault")
	}
	got := strings.Split(err.Error(), "\n")
	keys := []string{
		"name", "listen", "store", "store.connections", "store.timeout", "bus", "cluster-key-file", "admin", "time-zone", "log-level", "log-format", "login.policy", "auth.argon2",
		"classic.max-object", "classic.pace", "limits.rate", "limits.batch", "limits.outbound", "limits.silence", "limits.job",
	}
	for i := range max(len(got), len(keys)) {
		if i >= len(got) || i >= len(keys) || !strings.HasPrefix(got[i], keys[i]+": ") {
			t.Fatalf("got\n%v\nwant one for each of %v", err, keys)
		}
	}
	if strings.Contains(err.Error(), "secret") {
		t.Errorf("a password is told: %v", err)
	}
}

func TestTheLongestAnswerAndThePageBehindItMustFitTheQueue(t *testing.T) {
	for object, least := range map[int]int{1023: 512 << 10, 300_000: 600_000} {
		cfg := Default()
		cfg.MaxObject, cfg.Limits.Outbound = object, least-1
		if err := cfg.Validate(); err == nil || !strings.HasPrefix(err.Error(), "limits.outbound: ") {
			t.Errorf("%d bytes for objects of %d: got %v", least-1, object, err)
		}
		cfg.Limits.Outbound++
		if err := cfg.Validate(); err != nil {
			t.Errorf("%d bytes for objects of %d: got %v", least, object, err)
		}
	}
}

func TestDefaultIsValid(t *testing.T) {
	cfg := Default()
	if err := cfg.Validate(); err != nil {
		t.Error(err)
	}
}

func TestFilesInConfigsSayTheDefaultsOfEveryKey(t *testing.T) {
	files, err := filepath.Glob("../../configs/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	for _, path := range files {
		_, got, err := parse([]string{"--config", path})
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		if want := Default(); !reflect.DeepEqual(got, want) {
			t.Errorf("%s has %+v\nwant %+v", path, got, want)
		}
	}
}

func TestNodeYAMLHasEveryKey(t *testing.T) {
	empty := Config{}
	fs := flagsOf(&empty)
	if err := loadFile("../../configs/node.yaml", fs); err != nil {
		t.Fatal(err)
	}
	// A key that the file does not have would still hold what a Config has that is told nothing.
	want := Default()
	got := reflect.ValueOf(empty)
	for i := range got.NumField() {
		if !reflect.DeepEqual(got.Field(i).Interface(), reflect.ValueOf(want).Field(i).Interface()) {
			t.Errorf("%s: got %v", got.Type().Field(i).Name, got.Field(i))
		}
	}
	fs.VisitAll(func(flag *pflag.Flag) {
		if flag.Usage == "" {
			t.Errorf("%s: help says nothing about it", flag.Name)
		}
	})
}

func TestWrongCommandLineSaysWhatToDo(t *testing.T) {
	for _, args := range [][]string{{"--lisen", "x"}, {"serve"}, {"check", "migrate"}, {"--config", "missing.yaml"}, {"--limits.rate", "-1"}} {
		_, _, err := parse(args)
		if misuse := (usageError{}); !errors.As(err, &misuse) {
			t.Errorf("%q: %v", args, err)
		}
	}
}
