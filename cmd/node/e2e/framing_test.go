package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"chatserver/net/client"
	"chatserver/net/client/classictest"
	"chatserver/net/wire"
)

// cuts are the ways in which bytes may come.
var cuts = map[string]func(text []byte) [][]byte{
	"joined":       func(text []byte) [][]byte { return [][]byte{text} },
	"byte by byte": func(text []byte) [][]byte { return slices.Collect(slices.Chunk(text, 1)) },
	"in sevens":    func(text []byte) [][]byte { return slices.Collect(slices.Chunk(text, 7)) },
}

func TestObjectsArriveWholeHoweverTheyAreCutAndSeparated(t *testing.T) {
	n := startNode(t, database(t), "--classic.pace", "0")
	_, ann := enroll(t, n, "ann")
	_, bob := enroll(t, n, "bob")
	reader, _ := logIn(t, n, bob)
	number := 0
	for separatorName, separator := range map[string]string{
		"NUL": "\x00", "LF": "\n", "CR": "\r", "space": " ", "tab": "\t", "nothing": "", "a run of all": "\x00\r\n \t\x00",
	} {
		for cutName, cut := range cuts {
			t.Run(separatorName+", "+cutName, func(t *testing.T) {
				first, second := fmt.Sprintf("} %d {", number), fmt.Sprintf(`"%d\`, number+1)
				number += 2
				login := separator + encode(t, classictest.Object{"msgid": 1, "id": ann, "password": password}) + separator
				talk := strings.Join([]string{
					encode(t, classictest.Object{"msgid": 6, "id": ann, "toid": bob, "msg": first}),
					encode(t, classictest.Object{"msgid": 6, "id": ann, "toid": bob, "msg": second}),
					encode(t, classictest.Object{"msgid": 3, "id": ann}),
				}, separator)
				p := classictest.Dial(t, n.addr)

				write(p, cut([]byte(login)))
				p.Next() // LOGIN_ACK
				write(p, cut([]byte(talk)))
				leave(p)

				for _, want := range []string{first, second} {
					if got := nextPush(t, reader); got.From != ann || got.Msg != want {
						t.Fatalf("read %+v, want %q from %d", got, want, ann)
					}
				}
			})
		}
	}
}

func encode(t *testing.T, o classictest.Object) string { return string(classictest.Encode(t, o)) }

// write sends pieces, one write each.
func write(p *classictest.Peer, pieces [][]byte) {
	for _, piece := range pieces {
		p.SendRaw(piece)
	}
}

// logIn is a connection that reads whatever comes, however it comes, as the user id. Reading
// fails when the test takes too long.
func logIn(t *testing.T, n *node, id int64) (*client.Conn, wire.LoginAck) {
	t.Helper()
	conn, err := client.Dial(t.Context(), n.addr, wire.Classic)
	if err != nil {
		t.Fatal(err)
	}
	late := time.AfterFunc(patience, func() { conn.Close() })
	t.Cleanup(func() {
		late.Stop()
		conn.Close()
	})
	if err := conn.Send("", wire.Login{ID: id, Password: password}); err != nil {
		t.Fatal(err)
	}
	_, reply, err := conn.Next()
	ack, ok := reply.(wire.LoginAck)
	if !ok {
		t.Fatalf("login as %d: read %+v, %v", id, reply, err)
	}
	return conn, ack
}

func nextPush(t *testing.T, conn *client.Conn) wire.Push {
	t.Helper()
	_, reply, err := conn.Next()
	push, ok := reply.(wire.Push)
	if !ok {
		t.Fatalf("read %+v, %v; want a message", reply, err)
	}
	return push
}
