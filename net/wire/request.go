package wire

import "fmt"

// AppendRequest appends a request as one line, as a client sends it, with a RID unless that is "".
// What is zero and need not be said is left out: the id of As, limits, marks, the V2 of classic.
// It panics on a Request that is none of this package's.
func AppendRequest(dst []byte, request Request, rid RID) []byte {
	dst = appendInt(dst, `{"msgid":`, int64(request.MsgID()))
	dst = maybeRaw(dst, `,"rid":`, rid)
	switch r := request.(type) {
	case Login:
		dst = appendLogin(dst, r)
	case Logout:
		dst = appendAs(dst, r.As)
	case Reg:
		dst = maybeInt(dst, `,"v":`, int64(r.V))
		dst = appendText(dst, `,"name":`, r.Name)
		dst = appendText(dst, `,"password":`, r.Password)
	case OneChat:
		dst = appendAs(dst, r.As)
		dst = appendInt(dst, `,"toid":`, r.To)
		dst = appendText(dst, `,"msg":`, r.Msg)
		dst = maybeText(dst, `,"cid":`, r.CID)
	case AddFriend:
		dst = appendAs(dst, r.As)
		dst = appendInt(dst, `,"friendid":`, r.Friend)
	case CreateGroup:
		dst = appendAs(dst, r.As)
		dst = appendText(dst, `,"groupname":`, r.Name)
		dst = appendText(dst, `,"groupdesc":`, r.Desc)
	case AddGroup:
		dst = appendAs(dst, r.As)
		dst = appendInt(dst, `,"groupid":`, r.Group)
	case GroupChat:
		dst = appendAs(dst, r.As)
		dst = appendInt(dst, `,"groupid":`, r.Group)
		dst = appendText(dst, `,"msg":`, r.Msg)
		dst = maybeText(dst, `,"cid":`, r.CID)
	default:
		dst = appendRequestV2(dst, request)
	}
	return append(dst, "}\n"...)
}

// appendRequestV2 appends the fields of the requests that only V2 has.
func appendRequestV2(dst []byte, request Request) []byte {
	switch r := request.(type) {
	case Friends, Groups, Tokens:
		return dst
	case Hello:
		return appendInt(dst, `,"v":`, int64(r.V))
	case Sync:
		dst = appendConv(dst, `,"conv":`, r.Conv)
		dst = maybeSeq(dst, `,"after":`, r.After)
		dst = maybeSeq(dst, `,"before":`, r.Before)
		return maybeInt(dst, `,"limit":`, int64(r.Limit))
	case Mark:
		return appendMarks(appendConv(dst, `,"conv":`, r.Conv), r.Delivered, r.Read)
	case Typing:
		return appendTarget(dst, r.Conv)
	case Ping:
		return maybeRaw(dst, `,"t":`, r.T)
	case Lookup:
		return maybeText(maybeInt(dst, `,"id":`, r.ID), `,"name":`, r.Name)
	case DelFriend:
		return appendInt(dst, `,"friendid":`, r.Friend)
	case Members:
		dst = maybeInt(appendGroup(dst, r.Group), `,"after":`, r.After)
		return maybeInt(dst, `,"limit":`, int64(r.Limit))
	case LeaveGroup:
		return appendGroup(dst, r.Group)
	case Kick:
		return appendUser(appendGroup(dst, r.Group), r.User)
	case SetRole:
		return appendText(appendUser(appendGroup(dst, r.Group), r.User), `,"role":`, r.Role)
	case Block:
		return appendUser(dst, r.User)
	case Unblock:
		return appendUser(dst, r.User)
	case Convs:
		if r.After != (Conv{}) {
			dst = appendConv(dst, `,"after":`, r.After)
		}
		return maybeInt(dst, `,"limit":`, int64(r.Limit))
	case Passwd:
		return appendText(appendText(dst, `,"password":`, r.Password), `,"newpassword":`, r.New)
	case Revoke:
		return appendInt(dst, `,"token":`, r.Token)
	case CloseAccount:
		return appendText(dst, `,"password":`, r.Password)
	case GroupSet:
		return appendGroupSet(dst, r)
	case Ban:
		return appendUser(appendGroup(dst, r.Group), r.User)
	case Unban:
		return appendUser(appendGroup(dst, r.Group), r.User)
	case Invite:
		return appendUser(appendGroup(dst, r.Group), r.User)
	}
	panic(fmt.Sprintf("wire: %T is no request", request))
}

// appendLogin says who logs in by the token, else the name, else the id.
func appendLogin(dst []byte, l Login) []byte {
	dst = maybeInt(dst, `,"v":`, int64(l.V))
	switch {
	case l.Token != "":
		dst = appendText(dst, `,"token":`, l.Token)
	case l.Name != "":
		dst = appendText(dst, `,"name":`, l.Name)
		dst = appendText(dst, `,"password":`, l.Password)
	default:
		dst = appendInt(dst, `,"id":`, l.ID)
		dst = appendText(dst, `,"password":`, l.Password)
	}
	return maybeText(dst, `,"device":`, l.Device)
}

func appendGroupSet(dst []byte, g GroupSet) []byte {
	dst = appendGroup(dst, g.Group)
	if g.Name != nil {
		dst = appendText(dst, `,"groupname":`, *g.Name)
	}
	if g.Desc != nil {
		dst = appendText(dst, `,"groupdesc":`, *g.Desc)
	}
	if g.Join != nil {
		dst = appendText(dst, `,"join":`, *g.Join)
	}
	return appendTrue(dst, `,"delete":`, g.Delete)
}

func appendAs(dst []byte, as As) []byte { return maybeInt(dst, `,"id":`, as.ID) }

func appendGroup(dst []byte, id int64) []byte { return appendInt(dst, `,"groupid":`, id) }

func appendUser(dst []byte, id int64) []byte { return appendInt(dst, `,"userid":`, id) }

func appendMarks(dst []byte, delivered, read uint64) []byte {
	return maybeSeq(maybeSeq(dst, `,"delivered":`, delivered), `,"read":`, read)
}

// appendTarget says where a message goes.
func appendTarget(dst []byte, c Conv) []byte {
	if c.Group {
		return appendGroup(dst, c.ID)
	}
	return appendInt(dst, `,"toid":`, c.ID)
}
