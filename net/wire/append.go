package wire

import (
	"strconv"
	"time"
)

const ellipsis = "…" // ends a message that was cut

// AppendPush appends p as one line. With max above 0 the line, LF counted, has at most max bytes:
// as many whole characters of p.Msg as fit, then "…". Whatever the names, 1023 is enough for that;
// where max is less than all the rest needs, the line is longer and its msg is "…".
func AppendPush(dst []byte, p Push, max int) []byte {
	start := len(dst)
	dst = appendPush(dst, p, p.Msg)
	if max <= 0 || len(dst)-start <= max {
		return dst
	}
	least := appendPush(dst[:start], p, ellipsis)
	room := max - (len(least) - start)
	return appendPush(least[:start], p, fit(p.Msg, room)+ellipsis)
}

func appendPush(dst []byte, p Push, msg string) []byte {
	to := `,"toid":`
	if p.Kind == GroupChatID {
		to = `,"groupid":`
	}
	dst = appendInt(dst, `{"msgid":`, int64(p.Kind))
	dst = appendInt(dst, `,"id":`, p.From)
	dst = appendText(dst, `,"name":`, p.Name)
	dst = appendInt(dst, to, p.To)
	dst = appendText(dst, `,"msg":`, msg)
	dst = append(dst, `,"time":"`...)
	dst = p.At.AppendFormat(dst, time.DateTime)
	dst = appendText(dst, `","cid":`, p.CID)
	dst = append(dst, `,"seq":`...)
	dst = strconv.AppendUint(dst, p.Seq, 10)
	dst = appendInt(dst, `,"ts":`, p.At.UnixMilli())
	return append(dst, "}\n"...)
}

// AppendRefusal appends, as one line, that a request failed: LOGIN_ACK for a LOGIN, REG_ACK for a
// REG, ACK for all else. re is the request's msgid, 0 where it is not known.
func AppendRefusal(dst []byte, re MsgID, f *Fault) []byte {
	id := answer(re)
	dst = appendInt(dst, `{"msgid":`, int64(id))
	if id == AckID && re != 0 {
		dst = appendInt(dst, `,"re":`, int64(re))
	}
	dst = appendInt(dst, `,"errno":`, int64(f.Errno))
	dst = appendText(dst, `,"errmsg":`, f.Text)
	if f.Retry > 0 {
		dst = appendInt(dst, `,"retry_ms":`, int64((f.Retry+time.Millisecond-1)/time.Millisecond))
	}
	return append(dst, "}\n"...)
}

// answer is the message that tells of the failure of a request.
func answer(re MsgID) MsgID {
	switch re {
	case LoginID:
		return LoginAckID
	case RegID:
		return RegAckID
	}
	return AckID
}

// AppendRegAck appends, as one line, that the account id was made.
func AppendRegAck(dst []byte, id int64) []byte {
	dst = appendInt(dst, `{"msgid":5,"errno":0,"id":`, id)
	return append(dst, "}\n"...)
}

// appendInt appends what comes before a number, and the number.
func appendInt(dst []byte, before string, n int64) []byte {
	return strconv.AppendInt(append(dst, before...), n, 10)
}

// appendText appends what comes before a string, and the string.
func appendText(dst []byte, before, s string) []byte {
	return appendString(append(dst, before...), s)
}
