package account

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/secure/precis"
	"golang.org/x/text/unicode/norm"
)

// The bounds of names, in characters (Unicode code points of the form that is shown).
const (
	MaxName      = 32
	MaxGroupName = 50
	MaxGroupDesc = 200
)

// maxKey is the bytes of a key that a store takes. Only a name of characters that fold to many
// others comes near it.
const maxKey = 255

// Name checks a user's name: 1 to 32 letters, marks and digits of any script, "_", "-" and ".".
// It returns the form that is shown and the key. The error is a sentence for the user.
func Name(s string) (name string, key []byte, err error) {
	if !utf8.ValidString(s) {
		return "", nil, errors.New("a name must be valid UTF-8")
	}
	if err := length("a name", norm.NFC.String(s), 1, MaxName); err != nil {
		return "", nil, err
	}
	if strings.ContainsFunc(s, outsideName) {
		return "", nil, errors.New(`a name has only letters, digits, "_", "-" and "."`)
	}
	name, err = precis.UsernameCasePreserved.String(s)
	if err != nil {
		return "", nil, errors.New("this name mixes characters that do not go together; leave the unusual ones out")
	}
	folded, err := precis.UsernameCaseMapped.CompareKey(s)
	if err != nil {
		return "", nil, errors.New("this name mixes characters that do not go together; leave the unusual ones out")
	}
	key, err = bounded(folded)
	return name, key, err
}

func outsideName(r rune) bool {
	return !unicode.In(r, unicode.L, unicode.M, unicode.Nd) && !strings.ContainsRune("_-.", r)
}

// GroupName checks a group's name: 1 to 50 characters, none of them a control character. Spaces
// around it are cut, and its key has each run of spaces as one. The error is a sentence for the user.
func GroupName(s string) (name string, key []byte, err error) {
	if !utf8.ValidString(s) {
		return "", nil, errors.New("a group's name must be valid UTF-8")
	}
	name = norm.NFC.String(strings.TrimSpace(s))
	if err := length("a group's name", name, 1, MaxGroupName); err != nil {
		return "", nil, err
	}
	folded, err := precis.Nickname.CompareKey(joiners.Replace(name))
	if err != nil {
		return "", nil, errors.New("a group's name has no control characters or other invisible ones")
	}
	key, err = bounded(folded)
	return name, key, err
}

// joiners are invisible and stand in many emoji. PRECIS knows them in Indic scripts only, so
// they take no part in a key.
var joiners = strings.NewReplacer("\u200c", "", "\u200d", "", "\ufe0e", "", "\ufe0f", "")

// GroupDesc checks a group's description: one line of up to 200 characters, none of them a
// control character. It returns the form that is stored. The error is a sentence for the user.
func GroupDesc(s string) (string, error) {
	if !utf8.ValidString(s) {
		return "", errors.New("a group's description must be valid UTF-8")
	}
	desc := norm.NFC.String(s)
	if err := length("a group's description", desc, 0, MaxGroupDesc); err != nil {
		return "", err
	}
	if strings.ContainsFunc(desc, unicode.IsControl) {
		return "", errors.New("a group's description is one line without control characters")
	}
	return desc, nil
}

func length(what, s string, low, high int) error {
	if n := utf8.RuneCountInString(s); n < low || n > high {
		return fmt.Errorf("%s has %d to %d characters, not %d", what, low, high, n)
	}
	return nil
}

// bounded makes the key of a folded name. The case mapping of PRECIS keeps the two forms of the
// small sigma apart, which the capital one does not have.
func bounded(folded string) ([]byte, error) {
	folded = strings.ReplaceAll(folded, "ς", "σ")
	if len(folded) > maxKey {
		return nil, errors.New("this name is too long when its characters are written out; choose a shorter one")
	}
	return []byte(folded), nil
}
