package storetest

import "chatserver/persistence"

var accounts = map[string]func(*world){
	"an account is found by its id and by its key": func(w *world) {
		w.user("ann")
		bob := w.user("bob")
		c, err := w.CredentialsOf(w.Context(), []byte("bob"))
		w.ok(err)
		equal(w, c, persistence.Credentials{User: persistence.User{ID: bob, Name: "bob"}, Hash: "hash of bob"})
		p, err := w.Find(w.Context(), 99, bob)
		w.ok(err)
		equal(w, p, peer(bob, "bob"))
		p, err = w.FindName(w.Context(), 99, []byte("bob"))
		w.ok(err)
		equal(w, p, peer(bob, "bob"))
		w.nobody(99, "Bob")
	},
	"who blocks a reader hides from it, and from nobody else": func(w *world) {
		ann, bob := w.user("ann"), w.user("bob")
		w.ok(w.Block(w.Context(), bob, ann))
		for reader, want := range map[persistence.UserID]bool{ann: true, bob: false} {
			p, err := w.Find(w.Context(), reader, bob)
			w.ok(err)
			equal(w, p.Hides, want)
			p, err = w.FindName(w.Context(), reader, []byte("bob"))
			w.ok(err)
			equal(w, p.Hides, want)
		}
		p, err := w.Find(w.Context(), bob, ann)
		w.ok(err)
		equal(w, p.Hides, false)
	},
	"a new password ends all tokens but the one that is kept": func(w *world) {
		ann, bob := w.user("ann"), w.user("bob")
		w.issue(ann, "phone", "1")
		laptop := w.issue(ann, "laptop", "2")
		w.issue(bob, "phone", "3")

		w.ok(w.SetPassword(w.Context(), ann, "new hash", laptop))

		c, err := w.Credentials(w.Context(), ann)
		w.ok(err)
		equal(w, c.Hash, "new hash")
		equal(w, c.Gen, 1)
		w.spent("1")
		w.redeem("2", "two")
		w.redeem("3", "three")
		c, err = w.Credentials(w.Context(), bob)
		w.ok(err)
		equal(w, c.Hash, "hash of bob")
		equal(w, c.Gen, 0)

		w.ok(w.SetPassword(w.Context(), ann, "new hash", 0))
		w.spent("two")
		c, err = w.CredentialsOf(w.Context(), []byte("ann"))
		w.ok(err)
		equal(w, c.Gen, 2)
		r, err := w.Roster(w.Context(), ann, 0)
		w.ok(err)
		equal(w, r.Gen, 2)
		w.refused(w.SetPassword(w.Context(), 99, "hash", 0), persistence.ErrNotFound)
	},
	"who closed its account is nobody any more": func(w *world) {
		ann, bob := w.user("ann"), w.user("bob")
		g := w.group("tea", ann)
		w.issue(bob, "phone", "1")
		w.close(bob)

		w.nobody(bob, "bob")
		w.spent("1")
		_, err := w.Issue(w.Context(), bob, "phone", []byte("2"), w.at(1000))
		w.refused(err, persistence.ErrNotFound)
		_, err = w.Roster(w.Context(), bob, 10)
		w.refused(err, persistence.ErrNotFound)
		_, err = w.Befriend(w.Context(), ann, bob)
		w.refused(err, persistence.ErrNotFound)
		_, err = w.Join(w.Context(), g, bob)
		w.refused(err, persistence.ErrNotFound)
		w.refused(w.SetPassword(w.Context(), bob, "hash", 0), persistence.ErrNotFound)
		w.refused(w.append(w.draft(ann, persistence.Direct(ann, bob), "hello?"))[0].Err, persistence.ErrNotFound)
		_, err = w.CloseAccount(w.Context(), bob)
		w.refused(err, persistence.ErrNotFound)
		_, err = w.CloseAccount(w.Context(), 99)
		w.refused(err, persistence.ErrNotFound)
	},
	"a closed account frees its name and not its id": func(w *world) {
		first, second := w.user("ann"), w.user("bob")
		w.close(first)
		w.close(second)
		if again := w.user("ann"); again == first || again == second {
			w.Fatalf("user %d again", again)
		}
	},
	"what a closed account wrote stays, by a sender without a name": func(w *world) {
		ann, bob := w.user("ann"), w.user("bob")
		conv := persistence.Direct(ann, bob)
		w.say(bob, conv, "bye")
		w.ok(w.Mark(w.Context(), []persistence.Mark{{User: bob, Conv: conv, Delivered: 1, Read: 1}}))

		w.close(bob)

		part, err := w.Read(w.Context(), ann, conv, persistence.Span{Limit: 10})
		w.ok(err)
		equal(w, part.Messages[0].Sender, persistence.User{ID: bob, Name: persistence.ClosedName})
		equal(w, texts(part.Messages), []string{"bye"})
		equal(w, w.state(ann, conv), &persistence.ConvState{Conv: conv, Head: 1})
		equal(w, w.state(bob, conv), nil)
	},
	"who closes its account leaves its groups as Leave does": func(w *world) {
		ann, bob := w.user("ann"), w.user("bob")
		tea, alone, not := w.group("tea", ann, bob), w.group("alone", ann), w.group("not", bob)

		left, err := w.CloseAccount(w.Context(), ann)

		w.ok(err)
		equal(w, left, []persistence.Leaving{{Group: tea, Heir: bob}, {Group: alone}})
		equal(w, w.members(tea, 2), []persistence.Member{
			{Peer: peer(ann, persistence.ClosedName), Role: persistence.Creator, Ver: 3, Gone: true},
			{Peer: peer(bob, "bob"), Role: persistence.Creator, Ver: 3},
		})
		_, err = w.Join(w.Context(), alone, bob)
		w.refused(err, persistence.ErrNotFound)
		equal(w, len(w.members(not, 1)), 0)
	},
	"a closed account is on nobody's list": func(w *world) {
		ann, bob, cleo := w.user("ann"), w.user("bob"), w.user("cleo")
		w.befriend(ann, bob)
		w.befriend(ann, cleo)
		w.befriend(bob, cleo)
		w.ok(w.Block(w.Context(), ann, bob))
		w.ok(w.Block(w.Context(), bob, cleo))

		w.close(bob)

		r, err := w.Roster(w.Context(), ann, 0)
		w.ok(err)
		equal(w, r.Friends, []persistence.Peer{peer(cleo, "cleo")})
		equal(w, len(r.Blocks), 0)
		equal(w, w.watchers(cleo, 10), []persistence.UserID{ann})
		equal(w, len(w.friends(bob)), 0)
	},
}

// nobody is true of an id and a key that are no account's.
func (w *world) nobody(id persistence.UserID, key string) {
	w.Helper()
	_, err := w.Credentials(w.Context(), id)
	w.refused(err, persistence.ErrNotFound)
	_, err = w.CredentialsOf(w.Context(), []byte(key))
	w.refused(err, persistence.ErrNotFound)
	_, err = w.Find(w.Context(), 1, id)
	w.refused(err, persistence.ErrNotFound)
	_, err = w.FindName(w.Context(), 1, []byte(key))
	w.refused(err, persistence.ErrNotFound)
}

func (w *world) close(user persistence.UserID) {
	w.Helper()
	_, err := w.CloseAccount(w.Context(), user)
	w.ok(err)
}

func (w *world) befriend(user, friend persistence.UserID) {
	w.Helper()
	_, err := w.Befriend(w.Context(), user, friend)
	w.ok(err)
}

func (w *world) friends(user persistence.UserID) []persistence.Peer {
	w.Helper()
	list, err := w.Friends(w.Context(), user)
	w.ok(err)
	return list
}

func (w *world) watchers(user persistence.UserID, limit int) []persistence.UserID {
	w.Helper()
	ids, err := w.Watchers(w.Context(), user, limit)
	w.ok(err)
	return ids
}
