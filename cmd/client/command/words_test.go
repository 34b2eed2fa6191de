package command

import (
	"testing"

	"chatserver/net/wire"
)

func TestWordsNameConversations(t *testing.T) {
	bob, gophers := word{name: "bob"}, word{wire.Conv{Group: true}, "gophers"}
	for name, c := range map[string]struct {
		read func(string) (word, error)
		text string
		want word // the zero one: it is refused
	}{
		"a person":                       {conversation, "@bob", bob},
		"a person by id":                 {conversation, "u:2", word{conv: wire.WithUser(2)}},
		"a person called 42":             {conversation, "@42", word{name: "42"}},
		"a group":                        {conversation, "#gophers", gophers},
		"a group by id":                  {conversation, "g:7", word{conv: wire.InGroup(7)}},
		"a bare word may be both":        {conversation, "bob", word{}},
		"a mark without a name":          {conversation, "@", word{}},
		"an id out of range":             {conversation, "u:2147483648", word{}},
		"nothing":                        {conversation, "", word{}},
		"a person where only one may be": {person, "bob", bob},
		"with the mark as well":          {person, "@bob", bob},
		"digits are an id":               {person, "42", word{conv: wire.WithUser(42)}},
		"unless they are none":           {person, "0", word{}},
		"no group for a person":          {person, "#gophers", word{}},
		"no id of one either":            {person, "g:7", word{}},
		"nothing for a person":           {person, "", word{}},
		"a group where only one may be":  {group, "gophers", gophers},
		"its id":                         {group, "7", word{conv: wire.InGroup(7)}},
		"no person for a group":          {group, "@bob", word{}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := c.read(c.text)

			if got != c.want || (err != nil) != (c.want == word{}) {
				t.Errorf("%q is %+v, %v; want %+v", c.text, got, err, c.want)
			}
		})
	}
}
