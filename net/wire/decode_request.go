package wire

import (
	"math"
	"strconv"
)

// as is who the request says it comes from. It need not say.
func (f *fields) as() As { return As{f.optional("id", 1, MaxID)} }

// login is by id and password; V2 also takes a name for the id, or a token for both.
func (f *fields) login() Login {
	if f.in == Classic {
		return Login{ID: f.user("id"), Password: f.password()}
	}
	l := Login{V: V2}
	switch f.only("id", "name", "token") {
	case "id":
		l.ID, l.Password = f.user("id"), f.password()
	case "name":
		l.Name, l.Password = f.filled("name"), f.password()
	case "token":
		l.Token = f.filled("token")
		if f.has("password") {
			f.fail(Invalid, "send token or password, not both")
		}
	}
	if f.has("device") {
		l.Device = f.sized("device", 1, MaxDevice)
	}
	return l
}

// hello has to say v where nothing else said it.
func (f *fields) hello() Hello {
	if f.in == V2 && !f.has("v") {
		return Hello{V2}
	}
	return Hello{Dialect(f.integer("v", 0, math.MaxInt32))}
}

// password is one that somebody may have. How short those are is not told here.
func (f *fields) password() string { return f.sized("password", 0, MaxPassword) }

// msg is the text of a message, 1..MaxMsg bytes.
func (f *fields) msg() string {
	msg := f.filled("msg")
	if len(msg) > MaxMsg {
		f.fail(TooLarge, "msg may have "+strconv.Itoa(MaxMsg)+" bytes")
	}
	return msg
}

// cid names a message in V2; classic has none.
func (f *fields) cid() string {
	if f.in == Classic {
		return ""
	}
	return f.sized("cid", 1, MaxCID)
}

// limit is how many items a list may have.
func (f *fields) limit() int {
	if !f.has("limit") {
		return DefaultLimit
	}
	return int(f.integer("limit", 1, MaxLimit))
}

func (f *fields) sync() Sync {
	conv := f.conv("conv")
	if f.has("after") && f.has("before") {
		f.fail(Invalid, "send after or before, not both")
	}
	return Sync{conv, f.optionalSeq("after", 0), f.optionalSeq("before", 1), f.limit()}
}

func (f *fields) mark() Mark {
	m := Mark{f.conv("conv"), f.optionalSeq("delivered", 0), f.optionalSeq("read", 0)}
	if m.Delivered == 0 && m.Read == 0 {
		f.fail(Invalid, "send delivered or read, at least 1")
	}
	return m
}

func (f *fields) typing() Typing {
	if f.only("toid", "groupid") == "groupid" {
		return Typing{InGroup(f.group())}
	}
	return Typing{WithUser(f.user("toid"))}
}

func (f *fields) lookup() Lookup {
	if f.only("id", "name") == "name" {
		return Lookup{Name: f.filled("name")}
	}
	return Lookup{ID: f.user("id")}
}

func (f *fields) convs() Convs {
	var after Conv
	if f.has("after") {
		after = f.conv("after")
	}
	return Convs{after, f.limit()}
}

func (f *fields) groupSet() GroupSet {
	g := GroupSet{Group: f.group(), Name: f.pointer("groupname"), Desc: f.pointer("groupdesc")}
	if f.has("join") {
		join := f.word("join", "open", "invite")
		g.Join = &join
	}
	g.Delete = f.flag("delete")
	if changes := g.Name != nil || g.Desc != nil || g.Join != nil; changes == g.Delete {
		f.fail(Invalid, "send any of groupname, groupdesc and join, or delete:true alone")
	}
	return g
}
