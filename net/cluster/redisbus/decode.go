package redisbus

import (
	"fmt"
	"time"

	"chatserver/net/cluster"
	"chatserver/net/wire"
	"chatserver/persistence"
)

// decodeBatch reads what appendBatch wrote. It takes nothing that is no batch of this version, to the
// last byte, and makes no more than a small multiple of what it read. Texts are parts of body, and
// keep all of it in memory while they are in use.
func decodeBatch(body string) (cluster.Batch, error) {
	d := decoder{rest: body}
	batch := cluster.Batch{From: cluster.NodeID(d.text()), Number: d.uint()}
	if n := d.length(); n > 0 {
		batch.Envelopes = make([]cluster.Envelope, 0, n)
		for range n {
			batch.Envelopes = append(batch.Envelopes, d.envelope())
			if d.fault != "" {
				break
			}
		}
	}
	if d.fault == "" && d.rest != "" {
		d.fail("%d bytes too many", len(d.rest))
	}
	if d.fault != "" {
		return cluster.Batch{}, fmt.Errorf("%w: %s, %d bytes before its end", ErrBroken, d.fault, len(d.rest))
	}
	return batch, nil
}

// decoder reads values off the front of rest. After its first fault all it reads is zero.
type decoder struct {
	rest  string
	fault string
}

func (d *decoder) fail(format string, args ...any) {
	if d.fault == "" {
		d.fault = fmt.Sprintf(format, args...)
	}
}

func (d *decoder) envelope() cluster.Envelope {
	switch k := kind(d.byte()); k {
	case stored:
		return d.stored()
	case hint:
		return d.hint()
	case relay:
		return cluster.Relay{Group: d.group(), From: d.someone(), Object: d.bytes()}
	case announce:
		return d.announce()
	case expel:
		return cluster.Expel{User: d.user(), Turn: d.uint()}
	case marked:
		return cluster.Marked{Mark: persistence.Mark{User: d.user(), Conv: d.conv(), Delivered: d.uint(), Read: d.uint()}}
	case refresh:
		return cluster.Refresh{User: d.user()}
	default:
		d.fail("there is no envelope %d", k)
		return nil
	}
}

func (d *decoder) stored() cluster.Envelope {
	m := persistence.Message{
		Conv:   d.conv(),
		Seq:    d.uint(),
		Sender: persistence.User{ID: d.user(), Name: d.text()},
		CID:    d.text(),
		Body:   d.text(),
		At:     time.UnixMilli(d.int()),
	}
	return cluster.Stored{Message: m, Ver: d.uint()}
}

func (d *decoder) hint() cluster.Envelope {
	var to []persistence.UserID
	if n := d.length(); n > 0 {
		to = make([]persistence.UserID, n)
		for i := range to {
			to[i] = d.user()
		}
	}
	return cluster.Hint{To: to, From: d.someone(), Object: d.bytes()}
}

func (d *decoder) announce() cluster.Envelope {
	return cluster.Announce{Group: d.group(), Event: wire.Event{
		Kind:  wire.EventKind(d.text()),
		ID:    int64(d.uint()),
		By:    int64(d.uint()),
		Group: int64(d.uint()),
		Role:  d.text(),
	}}
}

// user reads the id of a user, someone one that may be 0, group that of a group: what has another
// cannot be asked for its Receivers.
func (d *decoder) user() persistence.UserID {
	id := d.someone()
	if id == 0 {
		d.fail("0 is no user")
	}
	return id
}

func (d *decoder) someone() persistence.UserID {
	id := int64(d.uint())
	if id != 0 && !isUser(id) {
		d.fail("%d is no user", id)
	}
	return persistence.UserID(id)
}

func (d *decoder) group() persistence.GroupID {
	id := int64(d.uint())
	if !isGroup(id) {
		d.fail("%d is no group", id)
	}
	return persistence.GroupID(id)
}

func (d *decoder) conv() persistence.Conv {
	c := persistence.Conv(d.uint())
	lo, hi := c.Users()
	if group, ok := c.Group(); c < 0 || ok && !isGroup(int64(group)) || !ok && (!isUser(int64(lo)) || !isUser(int64(hi)) || lo > hi) {
		d.fail("%d is no conversation", int64(c))
	}
	return c
}

func (d *decoder) byte() byte {
	if d.rest == "" {
		d.fail("it ends early")
	}
	if d.fault != "" {
		return 0
	}
	b := d.rest[0]
	d.rest = d.rest[1:]
	return b
}

// uint reads a uvarint as binary.AppendUvarint writes it.
func (d *decoder) uint() (x uint64) {
	for shift := 0; shift < 64; shift += 7 {
		b := d.byte()
		if d.fault != "" {
			return 0
		}
		if shift == 63 && b > 1 {
			break
		}
		x |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return x
		}
	}
	d.fail("a number is above 64 bits")
	return 0
}

func (d *decoder) int() int64 {
	x := d.uint()
	return int64(x>>1) ^ -int64(x&1)
}

// length reads how many values or bytes follow, each of which takes a byte at least.
func (d *decoder) length() int {
	n := d.uint()
	if n > uint64(len(d.rest)) {
		d.fail("%d more are promised than there are bytes", n)
	}
	if d.fault != "" {
		return 0
	}
	return int(n)
}

func (d *decoder) text() string {
	n := d.length()
	text := d.rest[:n]
	d.rest = d.rest[n:]
	return text
}

// bytes reads a copy, nil for none.
func (d *decoder) bytes() []byte {
	if text := d.text(); text != "" {
		return []byte(text)
	}
	return nil
}
