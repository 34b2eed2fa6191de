package bench

import (
	"strconv"
	"strings"
)

// Every message says which run, which sender and which of that sender's messages it is, and is
// filled up to its size:
//
//	b7f31c 12 345 ~~~~~~~~~~
//
// minSize is enough for that, whatever the numbers.
const (
	minSize = 32
	filling = "~"
)

// texts makes the messages of one sender.
type texts struct {
	head string // "b7f31c 12 "
	fill string // a space, and enough for a whole message
}

func newTexts(run string, sender, size int) texts {
	return texts{head: run + " " + strconv.Itoa(sender) + " ", fill: " " + strings.Repeat(filling, size)}
}

// make returns message n, and n as it stands in it.
func (t texts) make(n uint64) (text, number string) {
	var digits [20]byte // of the largest number
	size := len(t.fill) - 1
	var b strings.Builder
	b.Grow(size)
	b.WriteString(t.head)
	b.Write(strconv.AppendUint(digits[:0], n, 10))
	end := b.Len()
	b.WriteString(t.fill[:size-end])
	text = b.String()
	return text, text[len(t.head):end]
}

// parse reads what texts made; ok is false for a message of anybody else.
func parse(run, text string) (sender int, n uint64, ok bool) {
	rest, ours := strings.CutPrefix(text, run)
	rest, spaced := strings.CutPrefix(rest, " ")
	from, rest, found := strings.Cut(rest, " ")
	number, _, ended := strings.Cut(rest, " ")
	sender, noSender := strconv.Atoi(from)
	n, noNumber := strconv.ParseUint(number, 10, 64)
	return sender, n, ours && spaced && found && ended && noSender == nil && noNumber == nil
}
