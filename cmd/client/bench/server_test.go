package bench

import (
	"context"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"chatserver/net/client"
	"chatserver/net/wire"
)

// server is a node with one sender and two receivers, all logged in. It keeps its promises but for
// what its fields have it do.
type server struct {
	push          func(wire.Push) []wire.Push     // what receivers get for a message
	ack           func(wire.Stored) []wire.Stored // what the sender does
	echo          bool                            // the sender gets what the receivers do
	acksReceivers bool                            // these get what the sender does
	number        func(seq uint64) uint64
	refuse        func(wire.OneChat) *wire.Fault
	hangUp        string        // how the message starts at which the server closes the sender's connection
	takes         time.Duration // to store a message

	in        wire.Dialect
	sender    net.Conn
	receivers []net.Conn
	seq       uint64
}

// started is a talk and the server that it talks to.
type started struct {
	*talk
	server *server
}

// talkTo runs a talk between one sender and two receivers.
func talkTo(t *testing.T, s *server, o options) (*Messages, error) {
	t.Helper()
	return newTalkTo(t, s, o).run(t.Context())
}

func newTalkTo(t *testing.T, s *server, o options) started {
	t.Helper()
	talk := newTalk(o)
	connect := func() net.Conn {
		near, far := net.Pipe()
		talk.listen(client.NewConn(near, o.dialect()))
		return far
	}
	s.in, s.sender, s.receivers = o.dialect(), connect(), []net.Conn{connect(), connect()}
	talk.send(talk.listeners[0], wire.WithUser(2), talk.listeners[1:])
	return started{talk, s}
}

// run returns what the talk reports. All goroutines have ended then.
func (s started) run(ctx context.Context) (*Messages, error) {
	for _, receiver := range s.server.receivers {
		go io.Copy(io.Discard, receiver) // PINGs
	}
	go s.server.serve()
	r, err := s.report(ctx, "chat", &watch{})
	return r.Messages, err
}

// serve answers the sender until its connection ends.
func (s *server) serve() {
	defer s.sender.Close()
	for in := wire.NewReader(s.sender, wire.MaxObject); ; {
		object, err := in.Next()
		if err != nil {
			return
		}
		re, request, fault := wire.Decode(object, s.in)
		if fault != nil {
			panic(fault)
		}
		m := request.(wire.OneChat)
		if s.hangUp != "" && strings.HasPrefix(m.Msg, s.hangUp) {
			return
		}
		s.store(re, m)
	}
}

func (s *server) store(re wire.Re, m wire.OneChat) {
	time.Sleep(s.takes)
	if s.refuse != nil {
		if fault := s.refuse(m); fault != nil {
			s.sender.Write(wire.AppendRefusal(nil, re, fault))
			return
		}
	}
	s.seq++
	seq := s.seq
	if s.number != nil {
		seq = s.number(seq)
	}
	at := time.UnixMilli(0)
	s.deliver(wire.Push{Kind: wire.OneChatID, From: 1, To: 2, Msg: m.Msg, CID: m.CID, Seq: seq, At: at})
	acks := []wire.Stored{{Seq: seq, At: at}}
	if s.ack != nil {
		acks = s.ack(acks[0])
	}
	to := []net.Conn{s.sender}
	if s.acksReceivers {
		to = append(to, s.receivers...)
	}
	for _, ack := range acks {
		for _, conn := range to {
			conn.Write(wire.AppendReply(nil, re, ack))
		}
	}
}

func (s *server) deliver(p wire.Push) {
	pushes := []wire.Push{p}
	if s.push != nil {
		pushes = s.push(p)
	}
	to := s.receivers
	if s.echo {
		to = append(to, s.sender)
	}
	for _, p := range pushes {
		for _, conn := range to {
			conn.Write(wire.AppendPush(nil, p, 0))
		}
	}
}

// instead pushes others for the message with this seq.
func instead(seq uint64, others ...wire.Push) func(wire.Push) []wire.Push {
	return func(p wire.Push) []wire.Push {
		if p.Seq == seq {
			return others
		}
		return []wire.Push{p}
	}
}

// pushed is what a sender's message n comes as where it is the third one.
func pushed(sender int, n uint64) wire.Push {
	text, _ := newTexts("brun", sender, minSize).make(n)
	return wire.Push{Kind: wire.OneChatID, From: 1, To: 2, Msg: text, CID: "c", Seq: third, At: time.UnixMilli(0)}
}

// behindNext pushes the message with this seq behind the one after it.
func behindNext(seq uint64) func(wire.Push) []wire.Push {
	var held wire.Push
	return func(p wire.Push) []wire.Push {
		switch p.Seq {
		case seq:
			held = p
			return nil
		case seq + 1:
			return []wire.Push{p, held}
		}
		return []wire.Push{p}
	}
}

// swapped gives each of two messages the number of the other.
func swapped(a, b uint64) func(uint64) uint64 {
	return func(seq uint64) uint64 {
		switch seq {
		case a:
			return b
		case b:
			return a
		}
		return seq
	}
}

// once refuses the first message that starts like this.
func once(start string, fault *wire.Fault) func(wire.OneChat) *wire.Fault {
	return func(m wire.OneChat) *wire.Fault {
		if !strings.HasPrefix(m.Msg, start) {
			return nil
		}
		start = "\x00" // no message starts so
		return fault
	}
}
