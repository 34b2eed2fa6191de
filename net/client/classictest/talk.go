package classictest

// The published message ids.
const (
	loginID       = 1
	loginAckID    = 2
	logoutID      = 3
	regID         = 4
	regAckID      = 5
	oneChatID     = 6
	addFriendID   = 7
	createGroupID = 8
	addGroupID    = 9
	groupChatID   = 10
	ackID         = 11
)

// when is what the original puts into "time". The server is to ignore it.
const when = "1999-12-31 23:59:59"

// Register makes an account and returns its id.
func (p *Peer) Register(name, password string) int64 {
	p.t.Helper()
	p.Send(Object{"msgid": regID, "name": name, "password": password})
	ack := p.wantReply(regAckID)
	if ack.Errno != 0 {
		p.t.Fatalf("register %s: %+v", name, ack)
	}
	return ack.ID
}

// Login becomes a user.
func (p *Peer) Login(id int64, password string) LoginAck {
	p.t.Helper()
	p.Send(Object{"msgid": loginID, "id": id, "password": password})
	raw := p.Next()
	ack := readLoginAck(p.t, raw)
	if ack.MsgID != loginAckID || ack.Errno != 0 {
		p.t.Fatalf("login as %d: read %s", id, raw)
	}
	if ack.ID != id {
		p.t.Fatalf("login as %d made it %d", id, ack.ID)
	}
	p.id, p.name = ack.ID, ack.Name
	return ack
}

// LoginFails requires that a login is refused with errno in a LOGIN_ACK.
func (p *Peer) LoginFails(id int64, password string, errno int) Reply {
	p.t.Helper()
	p.Send(Object{"msgid": loginID, "id": id, "password": password})
	return p.WantErrno(loginAckID, errno)
}

// Logout ends the login. The connection stays.
func (p *Peer) Logout() {
	p.t.Helper()
	p.Send(Object{"msgid": logoutID, "id": p.id})
}

// OneChat is the object that Chat sends.
func (p *Peer) OneChat(to int64, msg string) Object {
	return Object{"msgid": oneChatID, "id": p.id, "name": p.name, "toid": to, "msg": msg, "time": when}
}

// Chat writes to a user.
func (p *Peer) Chat(to int64, msg string) {
	p.t.Helper()
	p.Send(p.OneChat(to, msg))
}

// AddFriend puts a user on the peer's list.
func (p *Peer) AddFriend(friend int64) {
	p.t.Helper()
	p.Send(Object{"msgid": addFriendID, "id": p.id, "friendid": friend})
}

// CreateGroup makes a group. Its id shows at the next login.
func (p *Peer) CreateGroup(name, desc string) {
	p.t.Helper()
	p.Send(Object{"msgid": createGroupID, "id": p.id, "groupname": name, "groupdesc": desc})
}

// AddGroup joins a group.
func (p *Peer) AddGroup(group int64) {
	p.t.Helper()
	p.Send(Object{"msgid": addGroupID, "id": p.id, "groupid": group})
}

// GroupChat writes to a group.
func (p *Peer) GroupChat(group int64, msg string) {
	p.t.Helper()
	p.Send(Object{"msgid": groupChatID, "id": p.id, "name": p.name, "groupid": group, "msg": msg, "time": when})
}

// NextPush is the next object from the server, which must be a message.
func (p *Peer) NextPush() Push {
	p.t.Helper()
	return readPush(p.t, p.Next())
}

// WantChat requires a message from a user, to this one, next.
func (p *Peer) WantChat(from int64, msg string) Push {
	p.t.Helper()
	push := p.NextPush()
	if push.MsgID != oneChatID || push.From != from || push.To != p.id || push.Msg != msg {
		p.t.Fatalf("read %+v, want %q from %d to %d", push, msg, from, p.id)
	}
	return push
}

// WantGroupChat requires a message from a user, to a group, next.
func (p *Peer) WantGroupChat(group, from int64, msg string) Push {
	p.t.Helper()
	push := p.NextPush()
	if push.MsgID != groupChatID || push.From != from || push.Group != group || push.Msg != msg {
		p.t.Fatalf("read %+v, want %q from %d to group %d", push, msg, from, group)
	}
	return push
}

// WantAck requires an ACK with errno next: the answer to a request that failed.
func (p *Peer) WantAck(errno int) Reply {
	p.t.Helper()
	return p.WantErrno(ackID, errno)
}

func (p *Peer) wantReply(msgID int) Reply {
	p.t.Helper()
	raw := p.Next()
	reply := parse[Reply](p.t, raw)
	if reply.MsgID != msgID {
		p.t.Fatalf("read %s, want msgid %d", raw, msgID)
	}
	return reply
}

// WantErrno requires next the message msgID with errno and a word on it.
func (p *Peer) WantErrno(msgID, errno int) Reply {
	p.t.Helper()
	reply := p.wantReply(msgID)
	if reply.Errno != errno || reply.Errmsg == "" {
		p.t.Fatalf("read %+v, want errno %d and an errmsg", reply, errno)
	}
	return reply
}
