package bench

import (
	"os"
	"strings"
	"testing"
	"time"
)

func TestStatOfAProcessIsReadWhateverItsName(t *testing.T) {
	numbers := "1 2 3 4 5 6 7 8 9 10 250 50 13 14 15 16 17 18 19 20 1000 rest"

	got, err := parseStat([]byte("42 (a) b (c d) S " + numbers))

	want := usage{cpu: 3 * time.Second, memory: 1000 * int64(os.Getpagesize())}
	if err != nil || got != want {
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
}

func TestStatThatIsNoneIsRefused(t *testing.T) {
	for _, stat := range []string{"", "42 (a) S 1 2 3", "42 (a) S 1 2 3 4 5 6 7 8 9 10 x 50 13 14 15 16 17 18 19 20 1000"} {
		if got, err := parseStat([]byte(stat)); err == nil {
			t.Errorf("%q reads as %+v", stat, got)
		}
	}
}

func TestMetricsSayWhatANodeUses(t *testing.T) {
	metrics := `# HELP process_cpu_seconds_total Total user and system CPU time spent in seconds.
process_cpu_seconds_total 1.25
process_resident_memory_bytes 2.097152e+06
process_resident_memory_bytes_more 3
`

	got, err := parseMetrics(strings.NewReader(metrics))

	if want := (usage{cpu: 1250 * time.Millisecond, memory: 2 << 20}); err != nil || got != want {
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
}

func TestMetricsOfSomethingElseAreRefused(t *testing.T) {
	for _, metrics := range []string{"", "<html>\n", "process_resident_memory_bytes many\n"} {
		if got, err := parseMetrics(strings.NewReader(metrics)); err == nil {
			t.Errorf("%q reads as %+v", metrics, got)
		}
	}
}
