// Package actors is what the server does: it decides who is speaking, stores messages and
// brings them to their receivers. It is one package because its actors are one conversation.
//
// # Supervision
//
//	root                     the only top-level actor   its end is the process's end
//	├── store                routes to the writers      doom: a panic ends the process
//	│   └── store/0..N-1     Writer: group commit       rebuild: answers who waited, repairs
//	├── groups               routes, knows who is here  doom
//	│   └── groups/7         Group: members, fan-out    retire: started again with its members
//	├── users                routes, knows who is online doom
//	│   └── users/42         User: sessions, order      retire: its sessions end, clients reconnect
//	├── accounts             passwords, a few at a time rebuild
//	└── sessions             routes to nobody, counts   doom
//	    └── sessions/9       Session: one connection    retire: the connection is closed
//
// A panic takes down one connection, user, group or batch, never its neighbours. The message in
// hand is then lost and a mailbox emptied at a stop says nothing, so whoever waits for an answer
// has a deadline (asks), and what was stored is found again by reading it.
//
// # A message's journey
//
//	connection  Frame     → session   decode, bounds, rate, who is speaking
//	session     Post      → its user  who asked is remembered, with a deadline
//	user        Append    → writer    gathers with others; one transaction decides and stores
//	writer      Answer    → user → session: stored, or why not
//	            Deliver   → users → user 42    → Push to each of its sessions
//	            Fanout    → groups → group 7   → Deliver to each member here
//	session     Send      → connection
//
// The writer, not the sender, hands a stored message on, in seq order; a sender's death loses
// nobody's message. The bytes are encoded once and shared by all receivers (Parcel).
//
// # Order, and no message lost or doubled
//
// A User lets each conversation's messages through once, by seq (inbox). One that comes before
// its turn waits; after Limits.Hole the missing rows are read. Whoever may have missed something
// tells the head it knows of (Headed), and who is behind reads.
//
// Attaching a session is a repair: write marks down, take the seats in all groups, read heads
// (and a classic client's backlog), then add the session. What is stored before the heads are read
// lies below them, what is stored after is pushed; nothing falls between.
//
// A v2 client keeps a position in each conversation. It is told the heads, is live from there on and
// reads what lies below with SYNC. More messages while it attaches than a User holds, and the heads
// are read again.
//
// A classic client has no positions of its own: what no device of the user was handed is its
// backlog, read in pages, each of which is marked as handed before the next is read. When a page
// comes back empty the session is live. Its connection tells what was Written, the session's outbox
// knows what that was, and Handed moves the user's delivered marks, written down within
// Limits.Marks. A logout is served when all that is queued was written, or a login behind it would
// read that again.
//
// A user or group that comes again has the name of the one before, so what was meant for that one
// reaches it: attachments have numbers, and no Ref (newAsks) and no number of a rest is used by both.
// A session that one knows nothing of is told so at its first More (Displaced).
//
// # Groups and their versions
//
// Each change of a group's memberships raises its version, which is stamped on the member's row, on
// the seat that its User takes (Seat) and on every message (Parcel.Ver). A Group behind a message's
// version reads what changed before it fans the message out; whom it finds removed it tells so
// (Unseated). A lower version never overrules a higher one, so a kick and the join after it may be
// heard of in any order. A kick may also be heard of before its victim has sat down, when there is
// nobody to tell: so whoever sits down reads once more whether it still is a member. The event of a
// change is told when it is known who is left, and nothing is pushed after it to whom it removed.
//
// # Hints
//
// Who came, who types, how far somebody has read, what changed in a group: hints.go. They are shown
// to v2 sessions at once, are never stored, and may be lost; the lists tell the truth. A group hands
// on no more than Limits.Hints of them, for one member who types costs as much as all others are many.
//
// # Who may block, who may end
//
// No actor blocks. What blocks is given to Env.Crew and comes back as a message; where it panics the
// asker is told, and the loss of the store (persistence.ErrLost) ends the process. A user without
// sessions or a group without members here rests, and stops when its parent agrees, which it does
// if it has sent nothing since (nursery). A node ends from the outside in: sessions, users, store.
package actors
