package bench

import (
	"errors"
	"net"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"chatserver/net/client"
	"chatserver/net/wire"
)

func TestLogin(t *testing.T) {
	welcome := wire.AppendReply(nil, wire.Re{ID: wire.LoginID, In: wire.V2}, wire.Welcome{ID: 7, Name: "b-0", Token: "next", Epoch: "e"})
	classic, _ := wire.AppendLoginAck(nil, wire.LoginAck{ID: 7, Name: "b-0"}, 0)
	denied := &wire.Fault{Errno: wire.Denied, Text: "no"}
	busy := &wire.Fault{Errno: wire.SlowDown, Text: "wait", Retry: 2 * time.Second}
	byPassword := wire.Login{V: wire.V2, ID: 7, Password: "secret", Device: device}
	byToken := wire.Login{V: wire.V2, Token: "old", Device: device}
	for name, c := range map[string]struct {
		in      wire.Dialect
		token   string
		answers [][]byte
		sent    []wire.Request
		after   string // its token
		slowed  int64
		takes   time.Duration
		err     error
	}{
		"by password where there is no token": {
			in: wire.V2, answers: [][]byte{welcome}, sent: []wire.Request{byPassword}, after: "next",
		},
		"by token where there is one": {
			in: wire.V2, token: "old", answers: [][]byte{welcome}, sent: []wire.Request{byToken}, after: "next",
		},
		"by password once the token is refused": {
			in: wire.V2, token: "old", answers: [][]byte{refusal(denied), welcome},
			sent: []wire.Request{byToken, byPassword}, after: "next",
		},
		"again where the server asks for it": {
			in: wire.V2, token: "old", answers: [][]byte{refusal(busy), welcome},
			sent: []wire.Request{byToken, byToken}, after: "next", slowed: 1, takes: 2 * time.Second,
		},
		"not again once the password is refused": {
			in: wire.V2, answers: [][]byte{refusal(denied)}, sent: []wire.Request{byPassword}, err: denied,
		},
		"in classic by password, whatever there is": {
			in: wire.Classic, token: "old", answers: [][]byte{classic},
			sent: []wire.Request{wire.Login{ID: 7, Password: "secret"}}, after: "old",
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				near, far := net.Pipe()
				sent := make(chan []wire.Request)
				go func() { sent <- script(far, c.in, c.answers) }()
				a := &account{ID: 7, Name: "b-0", Password: "secret", Token: c.token}
				began := time.Now()

				err := a.enter(t.Context(), client.NewConn(near, c.in), c.in)

				near.Close()
				if got := <-sent; !slices.Equal(got, c.sent) {
					t.Errorf("sent %+v, want %+v", got, c.sent)
				}
				if fault := (*wire.Fault)(nil); errors.As(err, &fault) != (c.err != nil) || fault != nil && *fault != *denied {
					t.Errorf("%v, want %v", err, c.err)
				}
				if a.Token != c.after || a.slowed != c.slowed || time.Since(began) != c.takes {
					t.Errorf("token %q, slowed %d, after %v; want %q, %d, %v", a.Token, a.slowed, time.Since(began), c.after, c.slowed, c.takes)
				}
			})
		})
	}
}

func refusal(f *wire.Fault) []byte {
	return wire.AppendRefusal(nil, wire.Re{ID: wire.LoginID, In: wire.V2}, f)
}

// script answers requests in turn until the connection ends, and returns them.
func script(conn net.Conn, in wire.Dialect, answers [][]byte) (requests []wire.Request) {
	defer conn.Close()
	for objects := wire.NewReader(conn, wire.MaxObject); ; {
		object, err := objects.Next()
		if err != nil {
			return requests
		}
		_, request, fault := wire.Decode(object, in)
		if fault != nil {
			panic(fault)
		}
		requests = append(requests, request)
		conn.Write(answers[len(requests)-1])
	}
}
