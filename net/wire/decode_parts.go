package wire

import "math"

// each reads an array of objects, or as classic has them of strings that hold them. It is nil
// where it is empty or missing.
func each[T any](f *fields, name string, item func(*fields) T) (items []T) {
	value := f.get(name)
	switch {
	case value == nil:
		return nil
	case value[0] != '[':
		f.fail(Malformed, name+" must be an array")
		return nil
	}
	inside := fields{in: f.in, verdict: &verdict{}}
	c := cursor{b: value}
	for more := c.open('[', ']', MaxDepth); more; more = c.next(']') {
		inside.enter(c.value(MaxDepth))
		items = append(items, item(&inside))
	}
	f.blame(name, inside.fault)
	return items
}

// inner reads an object in a field.
func inner[T any](f *fields, name string, item func(*fields) T) T {
	inside := fields{in: f.in, verdict: &verdict{}}
	inside.enter(f.get(name))
	it := item(&inside)
	f.blame(name, inside.fault)
	return it
}

// enter takes the fields of an object that is inside of another one.
func (f *fields) enter(value []byte) {
	if len(value) > 0 && value[0] == '"' {
		value, _ = unquote(value)
	}
	var fault *Fault
	if f.list, fault = split(value, f.list[:0]); fault != nil {
		f.fail(fault.Errno, fault.Text)
	}
}

// blame makes a fault inside of a field that of the field.
func (f *fields) blame(name string, inside *Fault) {
	if inside != nil {
		f.fail(inside.Errno, name+": "+inside.Text)
	}
}

func (f *fields) peer() Peer {
	return Peer{f.user("id"), f.text("name"), f.online(), f.optionalText("role")}
}

func (f *fields) classicGroup() Group {
	return Group{f.integer("id", 1, MaxGroupID), f.text("groupname"), f.text("groupdesc"), each(f, "users", (*fields).peer)}
}

func (f *fields) membership() Membership {
	return Membership{f.integer("id", 1, MaxGroupID), f.text("groupname"), f.text("groupdesc"), f.text("role"),
		f.text("join"), f.count("members")}
}

func (f *fields) joined() JoinedGroup {
	return JoinedGroup{f.membership(), f.seq("since"), f.seq("head")}
}

func (f *fields) convState() ConvState {
	return ConvState{f.conv("conv"), f.seq("head"), f.seq("since"), f.seq("delivered"), f.seq("read"),
		f.optionalSeq("peer_delivered", 0), f.optionalSeq("peer_read", 0)}
}

func (f *fields) token() Token {
	t := Token{ID: f.integer("id", 1, MaxTokenID), Device: f.text("device"), Created: f.time("created"), Expires: f.time("expires")}
	if f.has("used") {
		t.Used = f.time("used")
	}
	return t
}

func (f *fields) limits() Limits { return inner(f, "limits", (*fields).limitsInside) }

func (f *fields) limitsInside() Limits {
	return Limits{f.count("msg"), f.count("frame"), f.count("rate")}
}

// count reads how many there are of something.
func (f *fields) count(name string) int { return int(f.integer(name, 0, math.MaxInt32)) }

func (f *fields) welcome() Welcome {
	return Welcome{
		ID: f.user("id"), Name: f.text("name"),
		Token: f.text("token"), TokenExpires: f.time("token_expires"),
		Session: f.text("session"), Limits: f.limits(),
		Friends: each(f, "friends", (*fields).peer),
		Epoch:   f.text("epoch"),
		Groups:  each(f, "groups", (*fields).membership),
		Convs:   each(f, "convs", (*fields).convState), More: f.flag("more"),
	}
}

// typed is about the writer's direct conversation where it names no group.
func (f *fields) typed() Typed {
	t := Typed{ID: f.user("id"), To: f.optional("toid", 1, MaxID)}
	t.Conv = WithUser(t.ID)
	if f.has("groupid") {
		t = Typed{ID: t.ID, Conv: InGroup(f.group())}
	}
	return t
}
