// Package storetest checks that a persistence.Store keeps its promises. Every implementation
// passes it:
//
//	storetest.Run(t, func(t *testing.T, now func() time.Time) persistence.Store { … })
//
// What only an engine's own means can show, such as a power cut, is tested beside the engine.
package storetest

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"chatserver/persistence"
)

// Open makes a new, empty store that ends with its test and whose clock is now.
type Open func(t *testing.T, now func() time.Time) persistence.Store

// Run runs the suite on stores that open makes.
func Run(t *testing.T, open Open) {
	for _, group := range []map[string]func(*world){
		users, accounts, friends, groups, moderation, groupset, appends, concurrent, reads, changes, spans, marks, tokens,
	} {
		for _, name := range slices.Sorted(maps.Keys(group)) {
			t.Run(name, func(t *testing.T) {
				w := &world{T: t}
				w.ms.Store(startMS)
				w.another = func() persistence.Store { return open(t, func() time.Time { return time.UnixMilli(w.ms.Load()) }) }
				w.Store = w.another()
				group[name](w)
			})
		}
	}
}

// world is one test and its store, whose errors fail the test.
type world struct {
	*testing.T
	persistence.Store
	another func() persistence.Store // makes one more store
	ms      atomic.Int64             // what the stores' clock shows
	cids    int
	clubs   int // makes the names of one differ from those of another
}

// startMS is when each test begins.
const startMS = 1_700_000_000_000

// tick moves the store's clock to the next millisecond.
func (w *world) tick() { w.ms.Add(1) }

// user registers a user with that name, which is its key as well.
func (w *world) user(name string) persistence.UserID {
	w.Helper()
	id, err := w.Register(w.Context(), name, []byte(name), "hash of "+name)
	w.ok(err)
	return id
}

// group founds a group with that name, which is its key as well, and lets the members join.
func (w *world) group(name string, creator persistence.UserID, members ...persistence.UserID) persistence.GroupID {
	w.Helper()
	id, err := w.Found(w.Context(), creator, name, []byte(name), "about "+name)
	w.ok(err)
	for _, m := range members {
		w.join(id, m)
	}
	return id
}

func (w *world) join(group persistence.GroupID, user persistence.UserID) persistence.Membership {
	w.Helper()
	m, err := w.Join(w.Context(), group, user)
	w.ok(err)
	return m
}

func (w *world) leave(group persistence.GroupID, user persistence.UserID) {
	w.Helper()
	w.ok(w.leaves(group, user))
}

func (w *world) leaves(group persistence.GroupID, user persistence.UserID) error {
	_, err := w.Leave(w.Context(), group, user)
	return err
}

// draft is a message with a cid of its own.
func (w *world) draft(sender persistence.UserID, conv persistence.Conv, body string) persistence.Draft {
	w.cids++
	return persistence.Draft{Conv: conv, Sender: sender, CID: fmt.Sprintf("cid-%06d", w.cids), Body: body}
}

func (w *world) append(drafts ...persistence.Draft) []persistence.Outcome {
	w.Helper()
	out, err := w.Append(w.Context(), drafts)
	w.ok(err)
	if len(out) != len(drafts) {
		w.Fatalf("%d outcomes for %d drafts", len(out), len(drafts))
	}
	return out
}

// say stores one message, which nothing refuses.
func (w *world) say(sender persistence.UserID, conv persistence.Conv, body string) persistence.Outcome {
	w.Helper()
	out := w.append(w.draft(sender, conv, body))[0]
	w.ok(out.Err)
	return out
}

// bodies is what is stored of a conversation, whose reader has been in it from its start; its
// numbers must be 1, 2, 3 ….
func (w *world) bodies(reader persistence.UserID, conv persistence.Conv) []string {
	w.Helper()
	var bodies []string
	for i, m := range w.read(reader, conv, persistence.Span{Limit: 1000}).Messages {
		if m.Seq != uint64(i+1) || m.Conv != conv {
			w.Fatalf("message %d of %v is %+v", i+1, conv, m)
		}
		bodies = append(bodies, m.Body)
	}
	return bodies
}

// state is a user's place in a conversation, nil where it has none.
func (w *world) state(user persistence.UserID, conv persistence.Conv) *persistence.ConvState {
	w.Helper()
	states, err := w.Convs(w.Context(), user, 0, 1000)
	w.ok(err)
	for _, s := range states {
		if s.Conv == conv {
			return &s
		}
	}
	return nil
}

// peer is an account as others see it who are not blocked.
func peer(id persistence.UserID, name string) persistence.Peer {
	return persistence.Peer{User: persistence.User{ID: id, Name: name}}
}

func (w *world) ok(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) refused(err, want error) {
	w.Helper()
	if !errors.Is(err, want) {
		w.Fatalf("got error %v, want %v", err, want)
	}
}

func equal[T any](w *world, got, want T) {
	w.Helper()
	if !reflect.DeepEqual(got, want) {
		w.Fatalf("got  %+v\nwant %+v", got, want)
	}
}
