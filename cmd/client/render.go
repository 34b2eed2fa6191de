package main

import (
	"fmt"
	"strings"
	"time"

	"chatserver/net/wire"
)

// render is what a reply looks like: lines without the last one's end. All that others wrote
// went through clean.
func render(re wire.MsgID, reply wire.Reply) string {
	switch reply := reply.(type) {
	case wire.LoginAck:
		return renderLogin(reply)
	case wire.RegAck:
		return fmt.Sprintf("your id is %d: login:%d:PASSWORD", reply.ID, reply.ID)
	case wire.Push:
		return renderPush(reply)
	case wire.Refused:
		return renderRefused(re, reply)
	}
	return fmt.Sprintf("the server sent a %v, which this client does not know", reply.MsgID())
}

// renderPush is one line: when, for a group which one, who, what.
func renderPush(p wire.Push) string {
	where := ""
	if p.Kind == wire.GroupChatID {
		where = fmt.Sprintf("group %d ", p.To)
	}
	return p.At.Format(time.DateTime) + " " + where + who(p.Name, p.From) + ": " + clean(p.Msg)
}

// renderLogin shows what a user finds: friends, groups with their members, and what waited,
// the oldest first.
func renderLogin(ack wire.LoginAck) string {
	lines := []string{"you are " + who(ack.Name, ack.ID)}
	if len(ack.Friends) > 0 {
		lines = append(lines, "friends:")
	}
	for _, f := range ack.Friends {
		lines = append(lines, "  "+who(f.Name, f.ID)+" "+state(f))
	}
	if len(ack.Groups) > 0 {
		lines = append(lines, "groups:")
	}
	for _, g := range ack.Groups {
		lines = append(lines, renderGroup(g)...)
	}
	if len(ack.Offline) > 0 {
		lines = append(lines, "while you were away:")
	}
	for _, p := range ack.Offline {
		lines = append(lines, renderPush(p))
	}
	return strings.Join(lines, "\n")
}

func renderGroup(g wire.Group) []string {
	title := "  " + who(g.Name, g.ID)
	if g.Desc != "" {
		title += " " + clean(g.Desc)
	}
	lines := []string{title}
	for _, u := range g.Users {
		lines = append(lines, "    "+who(u.Name, u.ID)+" "+clean(u.Role)+" "+state(u))
	}
	return lines
}

// who is a name and the id that commands want.
func who(name string, id int64) string { return fmt.Sprintf("%s [%d]", clean(name), id) }

func state(p wire.Peer) string {
	if p.Online {
		return "online"
	}
	return "offline"
}

// renderRefused says what failed, why, and what to do about it.
func renderRefused(re wire.MsgID, r wire.Refused) string {
	text := verb(re) + " failed: " + clean(r.Fault.Text)
	if hint := advice(re, r); hint != "" {
		text += " (" + hint + ")"
	}
	return text
}

// advice is what to do about a refusal, empty where the server's word says it all.
func advice(re wire.MsgID, r wire.Refused) string {
	switch r.Fault.Errno {
	case wire.Denied:
		if re == wire.RegID {
			return "try another name: letters, digits and _ - . are fine"
		}
		return "an id is the number that register told you"
	case wire.InUse:
		return "leave where you are logged in, then try again"
	case wire.NotFound:
		return "check the id"
	case wire.Forbidden:
		if re == wire.GroupChatID {
			return "addgroup:ID lets you in"
		}
	case wire.TooLarge:
		return "send it in parts"
	case wire.SlowDown, wire.Unavailable:
		if r.Fault.Retry > 0 {
			return fmt.Sprintf("try again in %v", r.Fault.Retry)
		}
		return "try again a little later"
	}
	return ""
}

// renderSent is what can truly be said of a request that the server answers only if it fails.
// Of messages nothing: they stand there as they were typed.
func renderSent(r wire.Request) string {
	switch r := r.(type) {
	case wire.Logout:
		return "you are nobody now: " + usage(wire.LoginID)
	case wire.AddFriend:
		return fmt.Sprintf("→ asked for friend %d; your next login lists your friends", r.Friend)
	case wire.CreateGroup:
		return "→ asked for the group; your next login shows its id"
	case wire.AddGroup:
		return fmt.Sprintf("→ asked to join group %d; your next login lists its members", r.Group)
	}
	return ""
}

// verb is the command that sends a request.
func verb(id wire.MsgID) string {
	if f, ok := formOf(id); ok {
		return f.verb
	}
	return "the last request"
}

// usage is how the command that sends a request is written.
func usage(id wire.MsgID) string {
	f, _ := formOf(id)
	return f.String()
}

func renderHelp() string {
	var lines []string
	for _, f := range forms() {
		lines = append(lines, fmt.Sprintf("%-30s %s", f, f.does))
	}
	return strings.Join(lines, "\n")
}
