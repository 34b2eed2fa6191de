package bench

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

// usage is what processes have taken of the machine.
type usage struct {
	cpu    time.Duration // since they started
	memory int64         // bytes that are resident
}

// since is the processor time that was taken after before, and the memory as it is.
func (u usage) since(before usage) usage { return usage{u.cpu - before.cpu, u.memory} }

// process reads what one process uses.
type process func() (usage, error)

// sum is what processes use together.
func sum(processes []process) (all usage, err error) {
	for _, read := range processes {
		u, err := read()
		if err != nil {
			return usage{}, err
		}
		all.cpu += u.cpu
		all.memory += u.memory
	}
	return all, nil
}

// local is a process of this machine, which must be Linux.
func local(pid int) process {
	return func() (usage, error) {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			return usage{}, fmt.Errorf("read what process %d uses: %w", pid, err)
		}
		return parseStat(stat)
	}
}

// tick is the unit of times in /proc, the same on all machines that Go runs Linux on.
const tick = 10 * time.Millisecond

// parseStat reads proc_pid_stat(5), whose second field is a name that may hold anything.
func parseStat(stat []byte) (usage, error) {
	const utime, stime, rss = 11, 12, 21 // fields 14, 15 and 24, counted behind the name
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	if len(fields) <= rss {
		return usage{}, fmt.Errorf("%q says nothing of a process", stat)
	}
	var numbers [3]int64
	for i, field := range []int{utime, stime, rss} {
		n, err := strconv.ParseInt(fields[field], 10, 64)
		if err != nil {
			return usage{}, fmt.Errorf("%q says nothing of a process: %w", stat, err)
		}
		numbers[i] = n
	}
	return usage{time.Duration(numbers[0]+numbers[1]) * tick, numbers[2] * int64(os.Getpagesize())}, nil
}

// remote is a node by its admin endpoint, as http://HOST:PORT.
func remote(admin string) process {
	client := &http.Client{Timeout: 5 * time.Second}
	return func() (usage, error) {
		answer, err := client.Get(strings.TrimSuffix(admin, "/") + "/metrics")
		if err != nil {
			return usage{}, fmt.Errorf("read what a node uses: %w", err)
		}
		defer answer.Body.Close()
		return parseMetrics(answer.Body)
	}
}

// parseMetrics reads what a Prometheus client says of its process.
func parseMetrics(metrics io.Reader) (usage, error) {
	var seconds, bytes float64
	lines := bufio.NewScanner(metrics)
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), " ")
		var err error
		switch name {
		case "process_cpu_seconds_total":
			seconds, err = strconv.ParseFloat(value, 64)
		case "process_resident_memory_bytes":
			bytes, err = strconv.ParseFloat(value, 64)
		}
		if err != nil {
			return usage{}, fmt.Errorf("read metrics: %w", err)
		}
	}
	if lines.Err() == nil && bytes == 0 {
		return usage{}, fmt.Errorf("the metrics do not say what the process uses: give the URL of a node's --admin")
	}
	return usage{time.Duration(seconds * float64(time.Second)), int64(bytes)}, lines.Err()
}
