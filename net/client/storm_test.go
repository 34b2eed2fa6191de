package client

import (
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"chatserver/net/wire"
)

// TestNothingIsLostDoubledOrSwappedInAStorm has a Client talk to a server that breaks connections
// at any moment, turns requests down before or after they are done, has acks overtake pushes and
// asks to go away, while the Client itself is closed and opened again.
func TestNothingIsLostDoubledOrSwappedInAStorm(t *testing.T) {
	for seed := range uint64(40) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { storm(t, seed) })
		})
	}
}

func storm(t *testing.T, seed uint64) {
	w := newWorld(t)
	s := &stormy{rand: rand.New(rand.NewPCG(seed, 7)), refuses: seed%2 == 0, logs: map[wire.Conv][]wire.Push{}, own: map[string]wire.Push{}}
	var live sync.WaitGroup
	stop := make(chan struct{})
	live.Go(func() { s.serve(w.dials, stop) })
	var history History
	var mine []Outgoing
	stored := map[string]int{}

	for round := range 3 {
		u := w.open(Credentials{ID: 1, Password: "secret"})
		var reading sync.WaitGroup
		reading.Go(func() {
			for e := range u.Events() {
				if err := history.Add(e); err != nil {
					t.Error(err)
				}
				if s, ok := e.(Stored); ok {
					stored[s.CID]++
				}
			}
		})
		for i := range 40 {
			o, err := u.Send([]wire.Conv{bob, team}[i%2], fmt.Sprint(round, ": ", i))
			if err != nil {
				t.Fatal(err)
			}
			mine = append(mine, o)
			time.Sleep(s.others())
		}
		if round == 2 {
			s.calm()
			time.Sleep(2 * time.Minute)
		}
		u.Close()
		reading.Wait()
	}
	close(stop)
	live.Wait()

	s.check(t, mine, stored, &history)
}

// stormy is a server on a bad day, for user 1.
type stormy struct {
	mu      sync.Mutex
	rand    *rand.Rand
	refuses bool // it turns requests down, which spoils the order of those behind
	quiet   bool // the storm is over
	logs    map[wire.Conv][]wire.Push
	own     map[string]wire.Push // by cid
	out     *pipeline            // of the session that is logged in, if any
}

// pipeline is what waits to be written to a connection.
type pipeline struct {
	conn  net.Conn
	queue chan []byte
}

func (s *stormy) serve(dials <-chan net.Conn, stop <-chan struct{}) {
	var live sync.WaitGroup
	defer live.Wait()
	for {
		select {
		case conn := <-dials:
			out := &pipeline{conn, make(chan []byte, 1000)}
			live.Go(func() { s.read(out) })
			live.Go(out.write)
		case <-stop:
			return
		}
	}
}

func (p *pipeline) write() {
	for object := range p.queue {
		if _, err := p.conn.Write(object); err != nil {
			p.conn.Close()
		}
	}
}

// read handles requests until the connection ends, often by itself.
func (s *stormy) read(out *pipeline) {
	in := wire.NewReader(out.conn, wire.MaxObject)
	for {
		object, err := in.Next()
		s.mu.Lock()
		if err == nil {
			re, request, _ := wire.Decode(object, wire.V2)
			err = s.handle(out, re, request)
		}
		if err != nil {
			if s.out == out {
				s.out = nil
			}
			close(out.queue)
			out.conn.Close()
			s.mu.Unlock()
			return
		}
		s.mu.Unlock()
	}
}

func (s *stormy) handle(out *pipeline, re wire.Re, request wire.Request) error {
	dice := s.rand.IntN(100)
	if s.quiet {
		dice = 100
	}
	if dice < 4 {
		return net.ErrClosed
	}
	var reply wire.Reply = wire.Done{}
	switch r := request.(type) {
	case wire.Login:
		s.out = out
		reply = welcome(s.convs()...)
	case wire.Sync:
		reply = s.sync(r)
	case wire.OneChat:
		reply = s.store(wire.WithUser(r.To), wire.Push{Kind: wire.OneChatID, From: 1, To: r.To, Msg: r.Msg, CID: r.CID}, dice)
	case wire.GroupChat:
		reply = s.store(wire.InGroup(r.Group), wire.Push{Kind: wire.GroupChatID, From: 1, To: r.Group, Msg: r.Msg, CID: r.CID}, dice)
	case wire.Ping:
		reply = wire.Pong{}
	}
	switch {
	case dice < 8:
		return net.ErrClosed
	case dice < 14 && s.refuses && reply.MsgID() != wire.LoginAckID, reply == nil:
		out.queue <- wire.AppendRefusal(nil, re, &wire.Fault{Errno: wire.Unavailable, Text: "wait", Retry: 50 * time.Millisecond})
	case dice < 16:
		out.queue <- wire.AppendReply(nil, wire.Re{}, wire.GoAway{Reason: wire.Draining, After: time.Second})
		fallthrough
	default:
		out.queue <- wire.AppendReply(nil, re, reply)
	}
	return nil
}

func (s *stormy) convs() []wire.ConvState {
	var convs []wire.ConvState
	for _, conv := range sorted(s.logs) {
		convs = append(convs, wire.ConvState{Conv: conv, Head: uint64(len(s.logs[conv]))})
	}
	return convs
}

func (s *stormy) sync(r wire.Sync) wire.Reply {
	log := s.logs[r.Conv]
	end := min(len(log), int(r.After)+1+s.rand.IntN(8))
	return wire.SyncAck{Conv: r.Conv, Msgs: log[r.After:end], Head: uint64(len(log)), More: end < len(log)}
}

// store keeps an own message, or turns it down: nil.
func (s *stormy) store(conv wire.Conv, p wire.Push, dice int) wire.Reply {
	if known, dup := s.own[p.CID]; dup {
		return wire.Stored{Seq: known.Seq, At: known.At, Dup: true}
	}
	if s.refuses && dice > 90 && dice < 100 {
		return nil
	}
	p = s.append(conv, p)
	s.own[p.CID] = p
	if dice > 70 && s.out != nil {
		s.out.queue <- wire.AppendPush(nil, p, 0)
	}
	return wire.Stored{Seq: p.Seq, At: p.At}
}

func (s *stormy) append(conv wire.Conv, p wire.Push) wire.Push {
	p.Seq = uint64(len(s.logs[conv]) + 1)
	p.At = at(p.Seq)
	s.logs[conv] = append(s.logs[conv], p)
	return p
}

// others write, too. Some of their messages are not pushed, as if an ack behind had overtaken them.
// It returns how long to wait for more.
func (s *stormy) others() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	conv := []wire.Conv{bob, team, cat}[s.rand.IntN(3)]
	p := s.append(conv, message(conv, 1))
	if s.out != nil && s.rand.IntN(4) > 0 {
		s.out.queue <- wire.AppendPush(nil, p, 0)
	}
	return time.Duration(s.rand.IntN(200)) * time.Millisecond
}

// calm ends the storm with a message in each conversation that is pushed.
func (s *stormy) calm() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.quiet = true
	for _, conv := range sorted(s.logs) {
		if p := s.append(conv, message(conv, 1)); s.out != nil {
			s.out.queue <- wire.AppendPush(nil, p, 0)
		}
	}
}

func (s *stormy) check(t *testing.T, mine []Outgoing, stored map[string]int, history *History) {
	last := map[wire.Conv]uint64{}
	for _, o := range mine {
		p, ok := s.own[o.CID]
		if !ok || p.Msg != o.Text || stored[o.CID] != 1 {
			t.Errorf("%q: the server has %+v, and it was told to be stored %d times", o.Text, p, stored[o.CID])
		}
		if !s.refuses && p.Seq <= last[o.Conv] {
			t.Errorf("%q is %d of %v, before the one sent before it", o.Text, p.Seq, o.Conv)
		}
		last[o.Conv] = p.Seq
	}
	for conv, log := range s.logs {
		if got := history.At(conv); got != uint64(len(log)) {
			t.Errorf("%v ends at %d of %d", conv, got, len(log))
		}
	}
}
