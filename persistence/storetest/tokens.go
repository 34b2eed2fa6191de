package storetest

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"chatserver/persistence"
)

var tokens = map[string]func(*world){
	"a token logs in, and its successor from then on": func(w *world) {
		ann := w.user("ann")
		id := w.issue(ann, "phone", "1")
		want := func(seed string) persistence.Redeemed {
			return persistence.Redeemed{User: persistence.User{ID: ann, Name: "ann"}, Token: id, Device: "phone", Seed: []byte(seed)}
		}

		equal(w, w.redeem("1", "2"), want("seed of 2"))
		equal(w, w.redeem("2", "3"), want("seed of 3"))
		w.spent("1")
		equal(w, w.redeem("3", "4"), want("seed of 4"))
		w.spent("2")
	},
	"a token is good until its successor was used, whatever became of the answer": func(w *world) {
		w.issue(w.user("ann"), "phone", "1")
		w.redeem("1", "2")

		equal(w, string(w.redeem("1", "two").Seed), "seed of 2")

		w.spent("two")
		w.redeem("2", "3")
		w.spent("1")
	},
	"nobody logs in with a hash that was never given": func(w *world) {
		w.issue(w.user("ann"), "phone", "1")
		for _, hash := range []string{"", "2", "1 ", "01"} {
			w.spent(hash)
		}
	},
	"a token ends when it expires, which each use puts off": func(w *world) {
		ann := w.user("ann")
		_, err := w.Issue(w.Context(), ann, "phone", []byte("1"), w.at(10))
		w.ok(err)
		_, err = w.Redeem(w.Context(), []byte("1"), []byte("2"), nil, w.at(9), w.at(20))
		w.ok(err)
		equal(w, len(w.tokens(ann, 19)), 1)
		equal(w, len(w.tokens(ann, 20)), 0)
		for _, hash := range []string{"1", "2"} {
			_, err = w.Redeem(w.Context(), []byte(hash), []byte("3"), nil, w.at(20), w.at(30))
			w.refused(err, persistence.ErrNotFound)
		}
	},
	"one device has one token, a device without a name any number": func(w *world) {
		ann, bob := w.user("ann"), w.user("bob")
		w.issue(ann, "phone", "old")
		w.issue(bob, "phone", "bob's")
		w.issue(ann, "Phone", "another device")
		w.issue(ann, "", "1")
		w.issue(ann, "", "2")
		w.redeem("old", "old's successor")

		w.issue(ann, "phone", "new")

		w.spent("old")
		w.spent("old's successor")
		for _, hash := range []string{"new", "bob's", "another device", "1", "2"} {
			w.redeem(hash, "after "+hash)
		}
	},
	"a user's tokens come in order with when they were made, used and end": func(w *world) {
		ann, bob := w.user("ann"), w.user("bob")
		phone := w.issue(ann, "phone", "1")
		w.issue(bob, "phone", "2")
		w.ms.Add(5)
		nameless := w.issue(ann, "", "3")
		_, err := w.Redeem(w.Context(), []byte("1"), []byte("4"), nil, w.at(7), w.at(2000))
		w.ok(err)

		equal(w, w.tokens(ann, 8), []persistence.Token{
			{ID: phone, Device: "phone", Created: w.at(0), Used: w.at(7), Expires: w.at(2000)},
			{ID: nameless, Created: w.at(5), Expires: w.at(1000)},
		})
		equal(w, len(w.tokens(9999, 0)), 0)
	},
	"of too many tokens the one that was used longest ago goes": func(w *world) {
		ann, bob := w.user("ann"), w.user("bob")
		w.issue(bob, "", "bob's")
		for i := range persistence.MaxTokens {
			w.tick()
			w.issue(ann, "", fmt.Sprint(i))
		}
		_, err := w.Redeem(w.Context(), []byte("0"), []byte("0'"), nil, w.at(100), w.at(1000))
		w.ok(err)
		w.tick()

		w.issue(ann, "", "new")

		equal(w, len(w.tokens(ann, 100)), persistence.MaxTokens)
		w.spent("1")
		for _, hash := range []string{"0", "2", "new", "bob's"} {
			w.redeem(hash, "after "+hash)
		}
	},
	"a token that was revoked is no more, and nobody revokes another one's": func(w *world) {
		ann, bob := w.user("ann"), w.user("bob")
		id := w.issue(ann, "phone", "1")
		w.redeem("1", "2")
		w.refused(w.Revoke(w.Context(), bob, id), persistence.ErrNotFound)
		w.ok(w.Revoke(w.Context(), ann, id))
		w.spent("1")
		w.spent("2")
		w.refused(w.Revoke(w.Context(), ann, id), persistence.ErrNotFound)
	},
	"nobody who is not there gets a token": func(w *world) {
		_, err := w.Issue(w.Context(), 99, "phone", []byte("1"), w.at(1000))
		w.refused(err, persistence.ErrNotFound)
	},
	"all who redeem a token at once are told one successor": func(w *world) {
		w.issue(w.user("ann"), "phone", "1")
		w.redeem("1", "2")
		told := make([]string, writers)
		var wg sync.WaitGroup
		for i := range told {
			wg.Go(func() {
				next := fmt.Append(nil, "next ", i)
				r, err := w.Redeem(w.Context(), []byte("2"), next, next, w.at(0), w.at(1000))
				if told[i] = string(r.Seed); err != nil {
					w.Error(err)
				}
			})
		}
		wg.Wait()

		equal(w, told, slices.Repeat(told[:1], writers))
		w.redeem(told[0], "end")
		w.spent("1")
		w.spent("2")
	},
	"a store has one epoch, and another store another one": func(w *world) {
		epoch, err := w.Epoch(w.Context())
		w.ok(err)
		again, err := w.Epoch(w.Context())
		w.ok(err)
		equal(w, again, epoch)
		other, err := w.another().Epoch(w.Context())
		w.ok(err)
		if epoch == "" || other == epoch {
			w.Fatalf("epochs %q and %q", epoch, other)
		}
	},
}

// at is so many milliseconds after the start of the test.
func (w *world) at(ms int64) time.Time { return time.UnixMilli(startMS + ms) }

// issue makes a token that expires at 1000.
func (w *world) issue(user persistence.UserID, device, hash string) persistence.TokenID {
	w.Helper()
	id, err := w.Issue(w.Context(), user, device, []byte(hash), w.at(1000))
	w.ok(err)
	return id
}

// redeem uses a token at 0.
func (w *world) redeem(hash, next string) persistence.Redeemed {
	w.Helper()
	r, err := w.Redeem(w.Context(), []byte(hash), []byte(next), []byte("seed of "+next), w.at(0), w.at(1000))
	w.ok(err)
	return r
}

// spent is true of a hash that logs nobody in.
func (w *world) spent(hash string) {
	w.Helper()
	_, err := w.Redeem(w.Context(), []byte(hash), []byte("of nothing"), nil, w.at(0), w.at(1000))
	w.refused(err, persistence.ErrNotFound)
}

func (w *world) tokens(user persistence.UserID, ms int64) []persistence.Token {
	w.Helper()
	list, err := w.Tokens(w.Context(), user, w.at(ms))
	w.ok(err)
	return list
}
