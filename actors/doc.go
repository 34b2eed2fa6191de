// Package actors is what the server does: it decides who is speaking, stores messages and
// brings them to their receivers. It is one package because its actors are one conversation. What it
// promises, and how that is checked, is in GUARANTEES.md.
//
// # Supervision
//
//	root                     the only top-level actor   its end is the process's end
//	├── store                routes to the writers      doom: a panic ends the process
//	│   └── store/0..N-1     Writer: group commit       rebuild: answers who waited, the router repairs
//	├── router               this node among others     rebuild: another node to them, claims anew, repairs
//	├── presence             who is online, tells it    rebuild: lists tell the truth
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
//	            Stored    → router → the routers of nodes that have a receiver, which do the same
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
// A Group hands messages on in the order of their numbers, too, and reads what it misses once for all
// its members here; then it reads who is in it, for rows do not tell who may read them (group_order.go).
//
// # Nodes
//
// All nodes are equal and share the store; package cluster is what they say to each other. What is sent
// between them may be lost: the store is the truth, and a node that misses something reads it there.
//
// A node claims on the bus the users who have a session on it and the groups that these are in; Users and
// Groups remember the claims, the router makes them (claims). A user is claimed before anything of it is
// read, a group before its heads are, and receivers are looked up after the commit: so whatever is stored
// is either below a head that was read, or finds the claim. Where the bus is away the user is served
// all the same, its claim is late, and a gap is open until it is made.
//
// Each batch from one node to another has a number (links), and a quiet link repeats its last one every
// second. What was committed and not sent, for whatever reason, has used one. So the receiver sees that it
// misses something, and repairs: it reads from the store what changed since it last missed nothing, and tells
// those here who may lack it, as a Writer's Doubt has it do for this node (router_repair.go). It repairs once
// for each gap; and with every beat while one is open: it does not hear its own batches, a node that lives
// says nothing, a claim is not made. A node that dies may have failed to say something: that is a gap as well.
// Where a node of its name comes back, what it stored while it was taken for dead is read then.
//
// A node whose lease ended, or that the bus has forgotten, was taken for dead by others. It begins a new
// life under another NodeID, makes its claims again, and its links begin with a gap, for what it said in
// between went nowhere. So does a router that panicked.
//
// Another node may change what a User holds of itself: blocks, groups, logins. It sends Refresh; a repair finds
// lost ones by the times of these changes. A session lives as long as the token or the password that let it in.
// Where login.policy is reject or replace the claims decide, of which the bus makes one the later; Expel tells
// the earlier.
//
// What may have been done without a word of it, because a call failed that took effect, or because the actor
// died that asked, is found in the same way: whoever does not know has the router doubt. Before the bus is
// open a node says nothing on it, and what the first number of a life shows to be missed, its node may have
// stored at any time since it was last heard.
//
// # Presence
//
// Who is online is asked of the bus each time. Who watches somebody is told of changes by Presence. The bus
// remembers for each user whether it was shown as online: a claim that finds it so is not told, so a user who
// comes back within Limits.Absence, on whatever node, was never away. Whoever shows a user as offline hides it
// first, and the next claim finds that. The users of a dead node have Limits.Absence to come elsewhere; one
// of the others then settles its estate, and buries it.
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
// if it has sent nothing since (nursery). A node ends from the outside in: sessions, users, store, router.
package actors
