package wire

import "fmt"

// AppendReply appends, as one line, what the server answers to a request that was done, or with
// the zero Re what it tells without being asked. LoginAck, Push and Refused have appenders of
// their own; it panics on these and on a Reply that is none of this package's.
func AppendReply(dst []byte, re Re, reply Reply) []byte {
	id := reply.MsgID()
	dst = appendHead(dst, re, id)
	if id == AckID || id == LoginAckID || id == RegAckID {
		dst = appendInt(dst, `,"errno":`, int64(OK))
	}
	if id == AckID {
		return append(appendResult(dst, reply), "}\n"...)
	}
	return append(appendOther(dst, reply), "}\n"...)
}

// AppendRefusal appends, as one line, that a request failed: LOGIN_ACK for a LOGIN, REG_ACK for a
// REG, ACK for all else.
func AppendRefusal(dst []byte, re Re, f *Fault) []byte {
	id := AckID
	switch re.ID {
	case LoginID:
		id = LoginAckID
	case RegID:
		id = RegAckID
	}
	dst = appendHead(dst, re, id)
	dst = appendInt(dst, `,"errno":`, int64(f.Errno))
	dst = appendText(dst, `,"errmsg":`, f.Text)
	if f.Retry > 0 {
		dst = appendWait(dst, `,"retry_ms":`, f.Retry)
	}
	return append(dst, "}\n"...)
}

// appendHead appends what an object is, and which request it answers.
func appendHead(dst []byte, re Re, id MsgID) []byte {
	dst = appendInt(dst, `{"msgid":`, int64(id))
	if id == AckID {
		dst = maybeInt(dst, `,"re":`, int64(re.ID))
	}
	return maybeRaw(dst, `,"rid":`, re.RID)
}

// appendResult appends what an ACK says of a request that was done.
func appendResult(dst []byte, reply Reply) []byte {
	switch r := reply.(type) {
	case Done:
		return dst
	case Stored:
		dst = appendTime(appendSeq(dst, `,"seq":`, r.Seq), `,"ts":`, r.At)
		return appendTrue(dst, `,"dup":`, r.Dup)
	case Found:
		return appendPeer(append(dst, `,"user":`...), r.User)
	case Befriended:
		return appendPeer(append(dst, `,"friend":`...), r.Friend)
	case Founded:
		return appendSeq(appendGroup(dst, r.Group), `,"since":`, r.Since)
	case Joined:
		return appendJoined(append(dst, `,"group":`...), r.Group)
	case FriendList:
		return appendList(dst, `,"friends":`, r.Friends, appendPeer)
	case GroupList:
		return appendList(dst, `,"groups":`, r.Groups, appendMembership)
	case MemberList:
		return appendTrue(appendList(dst, `,"members":`, r.Members, appendPeer), `,"more":`, r.More)
	case ConvList:
		return appendTrue(appendList(dst, `,"convs":`, r.Convs, appendConvState), `,"more":`, r.More)
	case TokenList:
		return appendList(dst, `,"tokens":`, r.Tokens, appendToken)
	}
	panic(fmt.Sprintf("wire: AppendReply of %T", reply))
}

// appendOther appends the fields of what is no ACK.
func appendOther(dst []byte, reply Reply) []byte {
	switch r := reply.(type) {
	case RegAck:
		return appendInt(dst, `,"id":`, r.ID)
	case HelloAck:
		dst = appendInt(dst, `,"v":`, int64(r.V))
		dst = appendText(dst, `,"node":`, r.Node)
		dst = appendTime(dst, `,"time":`, r.Time)
		dst = appendLimits(dst, r.Limits)
		return appendText(dst, `,"login":`, r.Login)
	case Welcome:
		return appendWelcome(dst, r)
	case SyncAck:
		dst = appendConv(dst, `,"conv":`, r.Conv)
		dst = appendList(dst, `,"msgs":`, r.Msgs, appendWhole)
		dst = appendSeq(appendSeq(dst, `,"head":`, r.Head), `,"since":`, r.Since)
		return appendTrue(dst, `,"more":`, r.More)
	case Pong:
		return maybeRaw(dst, `,"t":`, r.T)
	case Marked:
		dst = appendInt(appendConv(dst, `,"conv":`, r.Conv), `,"id":`, r.ID)
		return appendMarks(dst, r.Delivered, r.Read)
	case Presence:
		return appendState(appendInt(dst, `,"id":`, r.ID), `,"state":`, r.Online)
	case Typed:
		return appendTyped(dst, r)
	case GoAway:
		return appendWait(appendText(dst, `,"reason":`, string(r.Reason)), `,"after_ms":`, r.After)
	case Event:
		dst = appendText(dst, `,"kind":`, string(r.Kind))
		dst = maybeInt(maybeInt(dst, `,"id":`, r.ID), `,"by":`, r.By)
		return maybeText(maybeInt(dst, `,"groupid":`, r.Group), `,"role":`, r.Role)
	}
	panic(fmt.Sprintf("wire: AppendReply of %T", reply))
}
