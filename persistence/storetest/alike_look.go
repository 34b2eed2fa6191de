package storetest

import (
	"context"
	"slices"
	"time"

	"chatserver/persistence"
)

// all is a limit above everything that there is.
const all = 1 << 20

// look compares all that can be read.
func (w *walk) look() {
	w.Helper()
	for user := range w.newest() + 1 {
		w.lookAt(user + 1)
		for reader := range w.newest() + 1 {
			w.read("Find", func(ctx context.Context, s persistence.Store) (any, error) { return s.Find(ctx, reader+1, user+1) }, reader+1, user+1)
			if reader <= user {
				w.lookInto(persistence.Direct(reader+1, user+1), reader+1, user+1)
			}
		}
	}
	for group := range slices.Max(w.clubs[:]) {
		w.lookIn(group + 1)
	}
	for _, ago := range []time.Duration{0, 10 * time.Millisecond, time.Hour} {
		w.read("Changed", func(ctx context.Context, s persistence.Store) (any, error) { return s.Changed(ctx, ago) }, ago)
	}
}

// read compares one thing.
func (w *walk) read(name string, do func(ctx context.Context, s persistence.Store) (any, error), args ...any) {
	w.Helper()
	w.try(w.Context(), shown(do, "look: "+name, args...))
	w.path = w.path[:len(w.path)-1]
}

// lookAt compares all about a user.
func (w *walk) lookAt(user persistence.UserID) {
	w.Helper()
	for _, c := range []call{
		{"Credentials", func(ctx context.Context, s persistence.Store) (any, error) { return s.Credentials(ctx, user) }},
		{"Roster", func(ctx context.Context, s persistence.Store) (any, error) { return s.Roster(ctx, user, all) }},
		{"Friends", func(ctx context.Context, s persistence.Store) (any, error) { return s.Friends(ctx, user) }},
		{"Watchers", func(ctx context.Context, s persistence.Store) (any, error) { return s.Watchers(ctx, user, all) }},
		{"GroupsOf", func(ctx context.Context, s persistence.Store) (any, error) { return s.GroupsOf(ctx, user) }},
		{"Convs", func(ctx context.Context, s persistence.Store) (any, error) { return s.Convs(ctx, user, 0, all) }},
		{"Backlog", func(ctx context.Context, s persistence.Store) (any, error) { return s.Backlog(ctx, user, all) }},
		{"Tokens", func(ctx context.Context, s persistence.Store) (any, error) { return s.Tokens(ctx, user, w.now) }},
	} {
		w.read(c.text, c.do, user)
	}
}

// lookIn compares all about a group.
func (w *walk) lookIn(group persistence.GroupID) {
	w.Helper()
	w.read("Members", func(ctx context.Context, s persistence.Store) (any, error) { return s.Members(ctx, group, 0) }, group)
	for user := range w.newest() + 1 {
		w.read("Roll", func(ctx context.Context, s persistence.Store) (any, error) { return s.Roll(ctx, group, user+1, 0, all) }, group, user+1)
		w.lookInto(persistence.GroupConv(group), user+1)
	}
}

// lookInto compares a conversation, as its readers see it.
func (w *walk) lookInto(conv persistence.Conv, readers ...persistence.UserID) {
	w.Helper()
	w.read("Head", func(ctx context.Context, s persistence.Store) (any, error) { return s.Head(ctx, conv) }, conv)
	w.read("Range", func(ctx context.Context, s persistence.Store) (any, error) { return s.Range(ctx, conv, 0, all) }, conv)
	for _, reader := range readers {
		w.read("Read", func(ctx context.Context, s persistence.Store) (any, error) {
			return s.Read(ctx, reader, conv, persistence.Span{Limit: all})
		}, conv, reader)
	}
}
