package wire

import "fmt"

// AppendRequest appends a request as one line, as a client sends it: without the id where As is
// zero, without v where V is. It panics on a Request that is none of this package's.
func AppendRequest(dst []byte, request Request) []byte {
	dst = appendInt(dst, `{"msgid":`, int64(request.MsgID()))
	switch r := request.(type) {
	case Login:
		dst = appendVersion(dst, r.V)
		dst = appendInt(dst, `,"id":`, r.ID)
		dst = appendText(dst, `,"password":`, r.Password)
	case Logout:
		dst = appendAs(dst, r.As)
	case Reg:
		dst = appendVersion(dst, r.V)
		dst = appendText(dst, `,"name":`, r.Name)
		dst = appendText(dst, `,"password":`, r.Password)
	case OneChat:
		dst = appendAs(dst, r.As)
		dst = appendInt(dst, `,"toid":`, r.To)
		dst = appendText(dst, `,"msg":`, r.Msg)
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
	default:
		panic(fmt.Sprintf("wire: %T is no request", request))
	}
	return append(dst, "}\n"...)
}

func appendVersion(dst []byte, v int) []byte {
	if v == 0 {
		return dst
	}
	return appendInt(dst, `,"v":`, int64(v))
}

func appendAs(dst []byte, as As) []byte {
	if as.ID == 0 {
		return dst
	}
	return appendInt(dst, `,"id":`, as.ID)
}
