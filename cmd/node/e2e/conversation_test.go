package e2e

import (
	"regexp"
	"strings"
	"testing"
)

// password is everybody's.
const password = "correct horse: battery"

// clock is the time before a message, as the client shows it.
const clock = `\d{4}-\d\d-\d\d \d\d:\d\d:\d\d `

func TestTwoPeopleTalkAndOneFindsOnReturnWhatTheOtherWrote(t *testing.T) {
	n := startNode(t, database(t))
	first, second := openTerminal(t, n), openTerminal(t, n)
	ann, bob := first.registers("ann"), second.registers("bob")
	first.logsIn(ann, "ann")
	second.logsIn(bob, "bob")

	first.types("addfriend:" + bob)
	first.types("chat:" + bob + ":hi bob: all well?")
	second.sees(clock + `ann \[` + ann + `\]: hi bob: all well\?`)
	second.types("chat:" + ann + ":yes, and you?")
	first.sees(clock + `bob \[` + bob + `\]: yes, and you\?`)
	second.quits()
	first.types("chat:" + bob + ":one")
	first.types("chat:" + bob + ":two")
	first.types("chat:" + bob + ":three 你好 👋")
	first.quits()

	second = openTerminal(t, n)
	second.logsIn(bob, "bob")
	second.sees("while you were away:")
	second.sees(clock + `ann \[` + ann + `\]: one`)
	second.sees(clock + `ann \[` + ann + `\]: two`)
	second.sees(clock + `ann \[` + ann + `\]: three 你好 👋`)
	first = openTerminal(t, n)
	first.logsIn(ann, "ann")
	first.sees("friends:")
	first.sees(`  bob \[` + bob + `\] online`)
}

func TestThreePeopleTalkInAGroup(t *testing.T) {
	n := startNode(t, database(t))
	one := openTerminal(t, n)
	ann, bob, cid := one.registers("ann"), one.registers("bob"), one.registers("cid")
	one.logsIn(ann, "ann")
	one.types("creategroup:gophers:Go: and the like")
	group := one.sees(`group gophers \[(\d+)\] was made; .*`)[0]
	join := func(id, name string) *terminal {
		c := openTerminal(t, n)
		c.logsIn(id, name)
		c.types("addgroup:" + group)
		c.sees(`you are in group gophers \[` + group + `\] now`)
		c.types("/members gophers")
		c.sees(`  ann \[` + ann + `\] creator online`)
		c.sees(`  ` + name + ` \[` + id + `\] normal online`)
		return c
	}
	two, three := join(bob, "bob"), join(cid, "cid")

	one.types("groupchat:" + group + ":welcome")
	two.sees(clock + "group " + group + ` ann \[` + ann + `\]: welcome`)
	three.sees(clock + "group " + group + ` ann \[` + ann + `\]: welcome`)
	three.types("groupchat:" + group + ":hello")
	one.sees(clock + "group " + group + ` cid \[` + cid + `\]: hello`)
	two.sees(clock + "group " + group + ` cid \[` + cid + `\]: hello`)
}

func TestClientDoesAWholeJobFromAPipe(t *testing.T) {
	n := startNode(t, database(t))
	accounts := regexp.MustCompile(`your id is (\d+)`).FindAllStringSubmatch(
		pipe(t, n, "register:ann:"+password+"\nregister:bob:"+password+"\n"), -1)
	if len(accounts) != 2 {
		t.Fatalf("two accounts were asked for, there are %v", accounts)
	}
	ann, bob := accounts[0][1], accounts[1][1]

	pipe(t, n, "login:"+ann+":"+password+"\naddfriend:"+bob+"\nchat:"+bob+":one\nchat:"+bob+":two\n")
	forBob := pipe(t, n, "login:"+bob+":"+password+"\n")
	forAnn := pipe(t, n, "login:"+ann+":"+password+"\n")
	again := pipe(t, n, "login:"+bob+":"+password+"\n")
	refused := pipe(t, n, "login:"+bob+":wrong password\nchat:"+ann+":hi\n")

	waited := `(?s)while you were away:\n` + clock + `ann \[` + ann + `\]: one\n` + clock + `ann \[` + ann + `\]: two\n$`
	if !regexp.MustCompile(waited).MatchString(forBob) {
		t.Errorf("what waited for bob:\n%s", forBob)
	}
	if !strings.Contains(forAnn, "friends:\n  bob ["+bob+"] ") {
		t.Errorf("ann's friends:\n%s", forAnn)
	}
	if strings.Contains(again, "away") {
		t.Errorf("bob is shown again what he has seen:\n%s", again)
	}
	if !strings.Contains(refused, "login failed: id or password is invalid!") || !strings.Contains(refused, "log in first") {
		t.Errorf("with a wrong password:\n%s", refused)
	}
}
