package sim

import "strings"

// around is how many equal lines are shown before and after those that differ.
const around = 3

// difference shows what turns want into got, line by line; "" where they are the same.
func difference(want, got []string) string {
	head := 0
	for head < len(want) && head < len(got) && want[head] == got[head] {
		head++
	}
	tail := 0
	for tail < len(want)-head && tail < len(got)-head && want[len(want)-1-tail] == got[len(got)-1-tail] {
		tail++
	}
	if head == len(want) && head == len(got) {
		return ""
	}
	var b strings.Builder
	show := func(mark string, lines []string) {
		for _, line := range lines {
			b.WriteString(mark + line + "\n")
		}
	}
	show("  ", want[max(0, head-around):head])
	align(want[head:len(want)-tail], got[head:len(got)-tail], show)
	show("  ", want[len(want)-tail:][:min(tail, around)])
	return b.String()
}

// align shows the longest common subsequence as equal, and the rest as missing or added.
func align(want, got []string, show func(mark string, lines []string)) {
	const most = 4 << 20 // of table entries; beyond, the alignment costs more than it tells
	if len(want)*len(got) > most {
		show("- ", want)
		show("+ ", got)
		return
	}
	common := make([][]int, len(want)+1) // common[i][j] is that of want[i:] and got[j:]
	for i := range common {
		common[i] = make([]int, len(got)+1)
	}
	for i := len(want) - 1; i >= 0; i-- {
		for j := len(got) - 1; j >= 0; j-- {
			if want[i] == got[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(want) || j < len(got) {
		switch {
		case i < len(want) && j < len(got) && want[i] == got[j]:
			show("  ", want[i:i+1])
			i, j = i+1, j+1
		case j == len(got) || i < len(want) && common[i+1][j] >= common[i][j+1]:
			show("- ", want[i:i+1])
			i++
		default:
			show("+ ", got[j:j+1])
			j++
		}
	}
}
