package bench

import (
	"strings"
	"testing"
)

func TestMessageSaysWhoseItIsAndHasItsSize(t *testing.T) {
	for _, size := range []int{minSize, 100, 8192} {
		text, number := newTexts("bqwertyu", 49_999, size).make(1_234_567_890)

		sender, n, ok := parse("bqwertyu", text)

		if sender != 49_999 || n != 1_234_567_890 || !ok || number != "1234567890" || len(text) != size {
			t.Errorf("%d bytes: %q, number %q, reads as sender %d, message %d, %v", size, text, number, sender, n, ok)
		}
	}
}

func TestMessagesOfOthersAreNotTakenForOurs(t *testing.T) {
	for _, text := range []string{
		"", "hello", "bother 1 2 ~~~", "brun", "brun 1", "brun 1 2", "brun 1 x ~", "brun x 2 ~", "brun1 1 2 ~", "brun 1 -2 ~",
		"brun 1 " + strings.Repeat("9", 30) + " ~",
	} {
		if _, _, ok := parse("brun", text); ok {
			t.Errorf("%q is taken for a message of this run", text)
		}
	}
}
