package wire

import "time"

const ellipsis = "…" // ends a message that was cut

// AppendPush appends p as one line. With max above 0 the line, LF counted, has at most max bytes:
// as many whole characters of p.Msg as fit, then "…". Whatever the names, 1023 is enough for that;
// where max is less than all the rest needs, the line is longer and its msg is "…".
func AppendPush(dst []byte, p Push, max int) []byte {
	start := len(dst)
	dst = append(appendPush(dst, p, p.Msg), '\n')
	if max <= 0 || len(dst)-start <= max {
		return dst
	}
	least := append(appendPush(dst[:start], p, ellipsis), '\n')
	room := max - (len(least) - start)
	return append(appendPush(least[:start], p, fit(p.Msg, room)+ellipsis), '\n')
}

// appendPush appends p as an object, with another text in it.
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
	dst = appendSeq(dst, `,"seq":`, p.Seq)
	dst = appendTime(dst, `,"ts":`, p.At)
	return append(dst, '}')
}
