package actors

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"chatserver/actors/sim"
	"chatserver/net/wire"
	"chatserver/persistence/sqlstore"
)

// FuzzSession feeds a whole node what a client may send, byte for byte, as a stranger or as a
// user, and holds it to what any client may expect: each object is JSON of a length that
// classic clients can read, each request gives its credit back, a connection that ends leaves
// nothing behind.
func FuzzSession(f *testing.F) {
	for _, user := range []bool{false, true} {
		f.Add(user, []byte(`{"msgid":12,"v":2}{"msgid":1,"v":2,"id":1,"password":"secret"}{"msgid":6,"toid":2,"msg":"hi","cid":"a"}{"msgid":13,"conv":"u:2"}`))
		f.Add(user, []byte(`{"msgid":1,"v":2,"id":1,"password":"secret"}{"msgid":15,"conv":"u:2","read":9}{"msgid":3}{"msgid":31}{"msgid":1,"v":2,"name":"bob","password":"secret"}{"msgid":32,"password":"secret","newpassword":"secret"}`))
		f.Add(user, []byte(login(1)+"\x00"+chat(2, "hi")+"\x00"))
		f.Add(user, []byte(chat(2, strings.Repeat("好", 900))+groupChat(1, "x\"\\\u2028")))
		f.Add(user, []byte(`{"msgid":4,"name":"eve","password":"secret"}{"msgid":3}{"msgid":1,"id":2,"password":"secret"}`))
		f.Add(user, []byte(`{"msgid":7,"friendid":2}{"msgid":8,"groupname":"g","groupdesc":""}{"msgid":9,"groupid":1}`))
		f.Add(user, []byte(`{"msgid":6,"toid":1,"msg":"\ud800"}{"msgid":6,"msgid":6}{"msgid":1,"v":2}{"msgid":99}`))
		f.Add(user, []byte(`{"a":[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]}{"msgid":6`))
		f.Add(user, []byte("{\"msgid\":6,\"toid\":2,\"msg\":\"\xff\"}"))
	}
	store, err := sqlstore.Open(context.Background(), "sqlite:"+filepath.Join(f.TempDir(), "chat.db"), sqlstore.Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { store.Close() })
	for _, name := range []string{"ann", "bob"} {
		if _, err := store.Register(context.Background(), name, []byte(name), "plain:secret"); err != nil {
			f.Fatal(err)
		}
	}

	f.Fuzz(func(t *testing.T, user bool, sent []byte) {
		w := sim.New(t)
		env := testEnv(w, store)
		n := &node{t: t, w: w, env: env, root: Start(w.System(), env)}
		c := n.dial()
		if user {
			c.send(login(1))
			c.credit = 0
		}
		frames := feed(c, sent)
		w.Advance(time.Minute)

		for _, object := range c.got() {
			if !json.Valid([]byte(object)) || !c.upgraded && (len(object)+1 > env.Classic.MaxObject || msgidOf(t, object) > wire.AckID) {
				t.Errorf("the client got %d bytes: %s", len(object), object)
			}
		}
		if c.closed == "" {
			t.Errorf("the connection lives on after its end")
		}
		if c.credit != frames && c.closed == wire.ClientLeft {
			t.Errorf("%d credits came back of %d", c.credit, frames)
		}
		if left := strings.Join(w.Actors(), " "); strings.Contains(left, "sessions/") || strings.Contains(left, "users/") {
			t.Errorf("left behind: %s", left)
		}
		if w.Jobs() != 0 {
			t.Errorf("%d jobs left", w.Jobs())
		}
	})
}

// feed sends what a connection would make of these bytes, and then its end; it counts the frames.
func feed(c *client, sent []byte) (frames int) {
	root := c.w.System().Root
	for r := wire.NewReader(bytes.NewReader(sent), wire.MaxObject); ; frames++ {
		object, err := r.Next()
		if errors.Is(err, io.EOF) {
			err = nil
			root.Send(c.session, HungUp{})
			return frames
		}
		if err != nil {
			root.Send(c.session, HungUp{err})
			return frames
		}
		root.Send(c.session, Frame{bytes.Clone(object)})
	}
}
