package storetest

import (
	"context"
	"fmt"

	"chatserver/persistence"
)

var moderation = map[string]func(*world){
	"the creator kicks everybody else, an admin normal members, a normal member and a stranger nobody": func(w *world) {
		for by, kicks := range map[string]map[string]error{
			"creator": {"creator": persistence.ErrForbidden, "admin": nil, "normal": nil, "stranger": persistence.ErrNotFound},
			"admin":   {"creator": persistence.ErrForbidden, "admin": persistence.ErrForbidden, "other admin": persistence.ErrForbidden, "normal": nil, "stranger": persistence.ErrNotFound},
			"normal":  {"creator": persistence.ErrForbidden, "admin": persistence.ErrForbidden, "normal": persistence.ErrForbidden, "other": persistence.ErrForbidden, "stranger": persistence.ErrForbidden},
			"eve":     {"creator": persistence.ErrForbidden, "normal": persistence.ErrForbidden, "eve": persistence.ErrForbidden, "stranger": persistence.ErrForbidden},
		} {
			c := w.club()
			for whom, want := range kicks {
				w.refused(w.Kick(w.Context(), c.group, c.people[by], c.people[whom]), want)
			}
		}
	},
	"who is kicked is gone at a version of its own, hears nothing more and may join again": func(w *world) {
		ann, bob := w.user("ann"), w.user("bob")
		g := w.group("tea", ann, bob)
		conv := persistence.GroupConv(g)

		w.ok(w.Kick(w.Context(), g, ann, bob))

		equal(w, w.members(g, 2), []persistence.Member{{Peer: peer(bob, "bob"), Role: persistence.Normal, Ver: 3, Gone: true}})
		equal(w, w.state(bob, conv), nil)
		w.refused(w.append(w.draft(bob, conv, "psst"))[0].Err, persistence.ErrForbidden)
		equal(w, w.say(ann, conv, "hi").Ver, uint64(3))
		equal(w, w.join(g, bob).Since, uint64(1))
	},
	"who is banned is gone and does not join again until unbanned": func(w *world) {
		ann, bob := w.user("ann"), w.user("bob")
		g := w.group("tea", ann, bob)

		was, err := w.Ban(w.Context(), g, ann, bob)
		w.ok(err)
		equal(w, was, true)
		equal(w, w.members(g, 2), []persistence.Member{{Peer: peer(bob, "bob"), Role: persistence.Normal, Ver: 3, Gone: true}})
		equal(w, w.state(bob, persistence.GroupConv(g)), nil)
		was, err = w.Ban(w.Context(), g, ann, bob)
		w.ok(err)
		equal(w, was, false)
		_, err = w.Join(w.Context(), g, bob)
		w.refused(err, persistence.ErrForbidden)

		w.ok(w.Unban(w.Context(), g, ann, bob))
		w.ok(w.Unban(w.Context(), g, ann, bob))
		w.join(g, bob)
	},
	"who is no member is banned too, which changes no membership and no other group": func(w *world) {
		ann, bob := w.user("ann"), w.user("bob")
		g, other := w.group("tea", ann), w.group("art", ann)

		was, err := w.Ban(w.Context(), g, ann, bob)

		w.ok(err)
		equal(w, was, false)
		_, err = w.Join(w.Context(), g, bob)
		w.refused(err, persistence.ErrForbidden)
		equal(w, w.say(ann, persistence.GroupConv(g), "hi").Ver, uint64(1))
		w.join(other, bob)
	},
	"a ban takes back an invitation, and an invitation does not lift a ban": func(w *world) {
		ann, bob := w.user("ann"), w.user("bob")
		g := w.group("tea", ann)
		w.change(g, ann, persistence.GroupChange{Closed: new(true)})
		w.ok(w.Invite(w.Context(), g, ann, bob))
		_, err := w.Ban(w.Context(), g, ann, bob)
		w.ok(err)
		w.ok(w.Unban(w.Context(), g, ann, bob))
		_, err = w.Join(w.Context(), g, bob)
		w.refused(err, persistence.ErrForbidden)

		_, err = w.Ban(w.Context(), g, ann, bob)
		w.ok(err)
		w.ok(w.Invite(w.Context(), g, ann, bob))
		_, err = w.Join(w.Context(), g, bob)
		w.refused(err, persistence.ErrForbidden)
	},
	"who may ban and unban is who may kick": func(w *world) {
		type change func(ctx context.Context, group persistence.GroupID, by, user persistence.UserID) error
		ban := func(ctx context.Context, group persistence.GroupID, by, user persistence.UserID) error {
			_, err := w.Ban(ctx, group, by, user)
			return err
		}
		for _, change := range []change{ban, w.Unban} {
			c := w.club()
			for _, may := range []struct {
				by, whom string
				want     error
			}{
				{"creator", "creator", persistence.ErrForbidden},
				{"admin", "creator", persistence.ErrForbidden},
				{"admin", "other admin", persistence.ErrForbidden},
				{"normal", "other", persistence.ErrForbidden},
				{"normal", "stranger", persistence.ErrForbidden},
				{"eve", "normal", persistence.ErrForbidden},
				{"admin", "normal", nil},
				{"admin", "stranger", nil},
				{"creator", "admin", nil},
			} {
				w.refused(change(w.Context(), c.group, c.people[may.by], c.people[may.whom]), may.want)
			}
			w.refused(change(w.Context(), c.group+1, c.people["creator"], c.people["eve"]), persistence.ErrNotFound)
			w.refused(change(w.Context(), c.group, c.people["creator"], 9999), persistence.ErrNotFound)
		}
	},
	"a closed group is joined by who was invited, once": func(w *world) {
		ann, bob := w.user("ann"), w.user("bob")
		g := w.group("tea", ann)
		w.change(g, ann, persistence.GroupChange{Closed: new(true)})
		_, err := w.Join(w.Context(), g, bob)
		w.refused(err, persistence.ErrForbidden)

		w.ok(w.Invite(w.Context(), g, ann, bob))
		w.ok(w.Invite(w.Context(), g, ann, bob))
		equal(w, w.join(g, bob).Closed, true)

		w.refused(w.Invite(w.Context(), g, ann, bob), persistence.ErrExists)
		w.leave(g, bob)
		_, err = w.Join(w.Context(), g, bob)
		w.refused(err, persistence.ErrForbidden)
		equal(w, w.say(ann, persistence.GroupConv(g), "hi").Ver, uint64(3))
	},
	"an invitation is used up by joining while the group is open": func(w *world) {
		ann, bob := w.user("ann"), w.user("bob")
		g := w.group("tea", ann)
		w.ok(w.Invite(w.Context(), g, ann, bob))
		w.join(g, bob)
		w.leave(g, bob)
		w.change(g, ann, persistence.GroupChange{Closed: new(true)})
		_, err := w.Join(w.Context(), g, bob)
		w.refused(err, persistence.ErrForbidden)
	},
	"the creator and admins invite": func(w *world) {
		c := w.club()
		for by, want := range map[string]error{"creator": nil, "admin": nil, "normal": persistence.ErrForbidden, "eve": persistence.ErrForbidden} {
			w.refused(w.Invite(w.Context(), c.group, c.people[by], c.people["stranger"]), want)
		}
		w.refused(w.Invite(w.Context(), c.group, c.people["admin"], 9999), persistence.ErrNotFound)
		w.refused(w.Invite(w.Context(), c.group+1, c.people["admin"], c.people["stranger"]), persistence.ErrNotFound)
	},
	"the creator gives roles, at a version of their own": func(w *world) {
		ann, bob := w.user("ann"), w.user("bob")
		g := w.group("tea", ann, bob)
		for i, role := range []persistence.Role{persistence.Admin, persistence.Normal} {
			w.ok(w.SetRole(w.Context(), g, ann, bob, role))
			ver := uint64(3 + i)
			equal(w, w.members(g, ver-1), []persistence.Member{{Peer: peer(bob, "bob"), Role: role, Ver: ver}})
			equal(w, w.say(ann, persistence.GroupConv(g), "hi").Ver, ver)
		}
	},
	"who makes another one the creator becomes an admin": func(w *world) {
		ann, bob := w.user("ann"), w.user("bob")
		g := w.group("tea", ann, bob)

		w.ok(w.SetRole(w.Context(), g, ann, bob, persistence.Creator))

		equal(w, w.members(g, 2), []persistence.Member{
			{Peer: peer(ann, "ann"), Role: persistence.Admin, Ver: 3},
			{Peer: peer(bob, "bob"), Role: persistence.Creator, Ver: 3},
		})
		w.refused(w.SetRole(w.Context(), g, ann, bob, persistence.Normal), persistence.ErrForbidden)
	},
	"roles are given by the creator only, to others, who are members": func(w *world) {
		c := w.club()
		for pair, want := range map[[2]string]error{
			{"admin", "normal"}: persistence.ErrForbidden, {"normal", "other"}: persistence.ErrForbidden,
			{"eve", "normal"}: persistence.ErrForbidden, {"creator", "creator"}: persistence.ErrForbidden,
			{"creator", "stranger"}: persistence.ErrNotFound, {"creator", "nobody"}: persistence.ErrNotFound,
		} {
			for _, role := range []persistence.Role{persistence.Normal, persistence.Admin, persistence.Creator} {
				w.refused(w.SetRole(w.Context(), c.group, c.people[pair[0]], c.people[pair[1]], role), want)
			}
		}
		w.refused(w.SetRole(w.Context(), c.group+1, c.people["creator"], c.people["normal"], persistence.Admin), persistence.ErrNotFound)
	},
	"a leaving creator is followed by an admin who joined after a member": func(w *world) {
		ann, bob, cleo := w.user("ann"), w.user("bob"), w.user("cleo")
		g := w.group("tea", ann, bob, cleo)
		w.ok(w.SetRole(w.Context(), g, ann, cleo, persistence.Admin))
		w.leave(g, ann)
		equal(w, w.members(g, 4)[1], persistence.Member{Peer: peer(cleo, "cleo"), Role: persistence.Creator, Ver: 5})
	},
}

// club is a group with somebody in every role, and some who are no members: eve and a stranger.
type club struct {
	group  persistence.GroupID
	people map[string]persistence.UserID
}

func (w *world) club() club {
	w.Helper()
	c := club{people: map[string]persistence.UserID{}}
	w.clubs++
	for _, role := range []string{"creator", "admin", "other admin", "normal", "other", "stranger", "eve"} {
		c.people[role] = w.user(fmt.Sprint(role, w.clubs))
	}
	c.group = w.group(fmt.Sprint(w.clubs), c.people["creator"],
		c.people["admin"], c.people["other admin"], c.people["normal"], c.people["other"])
	for _, name := range []string{"admin", "other admin"} {
		w.ok(w.SetRole(w.Context(), c.group, c.people["creator"], c.people[name], persistence.Admin))
	}
	return c
}
