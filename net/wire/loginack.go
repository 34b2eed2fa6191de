package wire

import "math"

// AppendLoginAck appends the answer to a LOGIN that succeeded, as one line, and returns how many
// offline messages it holds: the oldest ones. The rest is the caller's to push.
//
// With max above 0 the line, LF counted, is kept to max bytes. Friends come first, as many as fit;
// then as many groups as fit with nobody but their first user, the one who logged in; then the
// groups' other users, group by group; then offline messages, each whole. id and name are there
// whatever max is.
func AppendLoginAck(dst []byte, a LoginAck, max int) (out []byte, offline int) {
	w := ackWriter{dst: dst, limit: math.MaxInt}
	if max > 0 {
		w.limit = len(dst) + max
	}
	w.dst = appendInt(w.dst, `{"msgid":2,"errno":0,"id":`, a.ID)
	w.dst = appendText(w.dst, `,"name":`, a.Name)
	w.list(`,"friends":[`, len(a.Friends), func(i int) { w.friend(a.Friends[i]) })
	w.groups(a.Groups)
	offline = w.list(`,"offlinemsg":[`, len(a.Offline), func(i int) { w.push(a.Offline[i]) })
	return append(w.dst, "}\n"...), offline
}

// ackWriter writes the lists of a LOGIN_ACK: arrays of strings that hold JSON.
type ackWriter struct {
	dst           []byte
	limit         int    // bytes that dst may have in the end
	object, quote []byte // what an item is made in
}

// room is how many bytes a list may still take where its ] and the end of the line must follow.
func (w *ackWriter) room() int { return w.limit - len(w.dst) - len("]}\n") }

// list writes the longest start of n items that fits, nothing where that is empty, and returns
// how many they are.
func (w *ackWriter) list(before string, n int, item func(i int)) (taken int) {
	start := len(w.dst)
	w.dst = append(w.dst, before...)
	for ; taken < n; taken++ {
		end := len(w.dst)
		if taken > 0 {
			w.dst = append(w.dst, ',')
		}
		item(taken)
		if w.room() < 0 {
			w.dst = w.dst[:end]
			break
		}
	}
	if taken == 0 {
		w.dst = w.dst[:start]
		return 0
	}
	w.dst = append(w.dst, ']')
	return taken
}

// groups writes the groups twice: with one user each to see how many fit, then again with other
// users in the room that this left.
func (w *ackWriter) groups(groups []Group) {
	const before = `,"groups":[`
	start := len(w.dst)
	n := w.list(before, len(groups), func(i int) { w.group(groups[i], 0) })
	spare := w.limit - len(w.dst) - len("}\n")
	w.dst = w.dst[:start]
	w.list(before, n, func(i int) { spare -= w.group(groups[i], spare) })
}

// group writes a group with its first user, then others in up to spare bytes. It returns how many
// bytes these took.
func (w *ackWriter) group(g Group, spare int) (used int) {
	w.object = appendInt(w.object[:0], `{"id":`, g.ID)
	w.object = appendText(w.object, `,"groupname":`, g.Name)
	w.object = appendText(w.object, `,"groupdesc":`, g.Desc)
	w.object = append(w.object, `,"users":[`...)
	w.dst = append(w.dst, '"')
	w.dst = appendEscaped(w.dst, w.object)
	for i, user := range g.Users {
		end := len(w.dst)
		w.user(user, i > 0)
		if size := len(w.dst) - end; i > 0 {
			if used+size > spare {
				w.dst = w.dst[:end]
				break
			}
			used += size
		}
	}
	w.dst = append(w.dst, `]}"`...)
	return used
}

// user writes a user of a group: a string inside of what is a string already.
func (w *ackWriter) user(p Peer, comma bool) {
	w.object = appendPeer(w.object[:0], p)
	w.quote = w.quote[:0]
	if comma {
		w.quote = append(w.quote, ',')
	}
	w.quote = appendString(w.quote, w.object)
	w.dst = appendEscaped(w.dst, w.quote)
}

func (w *ackWriter) friend(p Peer) {
	w.object = appendPeer(w.object[:0], p)
	w.dst = appendString(w.dst, w.object)
}

func (w *ackWriter) push(p Push) {
	w.object = appendPush(w.object[:0], p, p.Msg)
	w.dst = appendString(w.dst, w.object)
}
