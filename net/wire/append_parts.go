package wire

// What follows appends parts of what a server sends.

func appendWelcome(dst []byte, w Welcome) []byte {
	dst = appendText(appendInt(dst, `,"id":`, w.ID), `,"name":`, w.Name)
	dst = appendTime(appendText(dst, `,"token":`, w.Token), `,"token_expires":`, w.TokenExpires)
	dst = appendLimits(appendText(dst, `,"session":`, w.Session), w.Limits)
	dst = appendList(dst, `,"friends":`, w.Friends, appendPeer)
	dst = appendText(dst, `,"epoch":`, w.Epoch)
	dst = appendList(dst, `,"groups":`, w.Groups, appendMembership)
	dst = appendList(dst, `,"convs":`, w.Convs, appendConvState)
	return appendTrue(dst, `,"more":`, w.More)
}

func appendLimits(dst []byte, l Limits) []byte {
	dst = appendInt(dst, `,"limits":{"msg":`, int64(l.Msg))
	dst = appendInt(dst, `,"frame":`, int64(l.Frame))
	return append(appendInt(dst, `,"rate":`, int64(l.Rate)), '}')
}

// appendTyped goes by the fields of the request: who is written to, or the group.
func appendTyped(dst []byte, t Typed) []byte {
	if t.Conv.Group {
		dst = appendGroup(dst, t.Conv.ID)
	} else {
		dst = maybeInt(dst, `,"toid":`, t.To)
	}
	return appendInt(dst, `,"id":`, t.ID)
}

func appendWhole(dst []byte, p Push) []byte { return appendPush(dst, p, p.Msg) }

func appendPeer(dst []byte, p Peer) []byte {
	dst = appendInt(dst, `{"id":`, p.ID)
	dst = appendText(dst, `,"name":`, p.Name)
	dst = appendState(dst, `,"state":`, p.Online)
	return append(maybeText(dst, `,"role":`, p.Role), '}')
}

func appendMembership(dst []byte, m Membership) []byte {
	return append(openMembership(dst, m), '}')
}

func appendJoined(dst []byte, g JoinedGroup) []byte {
	dst = appendSeq(openMembership(dst, g.Membership), `,"since":`, g.Since)
	return append(appendSeq(dst, `,"head":`, g.Head), '}')
}

// openMembership leaves the object open.
func openMembership(dst []byte, m Membership) []byte {
	dst = appendInt(dst, `{"id":`, m.ID)
	dst = appendText(dst, `,"groupname":`, m.Name)
	dst = appendText(dst, `,"groupdesc":`, m.Desc)
	dst = appendText(dst, `,"role":`, m.Role)
	dst = appendText(dst, `,"join":`, m.Join)
	return appendInt(dst, `,"members":`, int64(m.Members))
}

func appendConvState(dst []byte, c ConvState) []byte {
	dst = appendConv(dst, `{"conv":`, c.Conv)
	dst = appendSeq(dst, `,"head":`, c.Head)
	dst = appendSeq(dst, `,"since":`, c.Since)
	dst = appendSeq(dst, `,"delivered":`, c.Delivered)
	dst = appendSeq(dst, `,"read":`, c.Read)
	dst = maybeSeq(dst, `,"peer_delivered":`, c.PeerDelivered)
	return append(maybeSeq(dst, `,"peer_read":`, c.PeerRead), '}')
}

func appendToken(dst []byte, t Token) []byte {
	dst = appendInt(dst, `{"id":`, t.ID)
	dst = appendText(dst, `,"device":`, t.Device)
	dst = appendTime(dst, `,"created":`, t.Created)
	dst = maybeTime(dst, `,"used":`, t.Used)
	return append(appendTime(dst, `,"expires":`, t.Expires), '}')
}
