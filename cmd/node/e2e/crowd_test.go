package e2e

import (
	"fmt"
	"strconv"
	"sync"
	"testing"

	"chatserver/net/client"
	"chatserver/net/wire"
)

// crowd are people in a circle who write without pause to their neighbours on both sides and to a group of all.
// What each reads is held to its own history and to what the others read at the same place.
type crowd struct {
	t      *testing.T
	people []*person

	mu    sync.Mutex
	moved *sync.Cond                   // told of all that happens
	said  map[string]map[uint64]string // by conversation, by seq: the same for everybody
}

// person is one of a crowd. Its fields are the crowd's, under its lock.
type person struct {
	*client.Client
	crowd   *crowd
	id      int64
	talks   []wire.Conv   // that it writes to in turn
	turn    chan struct{} // may write the next message
	history client.History
	sent    int            // messages: it numbers them 1, 2, 3 …
	stored  int            // of those, known to be stored
	read    map[string]int // by conversation
	heard   map[int64]int  // by sender: the last number read
	quiet   bool           // it writes nothing for now
	resting sync.WaitGroup // until it does so
}

// gather makes a crowd of clients that connect to the addresses that at says, and has them begin.
func gather(t *testing.T, size int, at func(i int) []string) *crowd {
	t.Helper()
	c := &crowd{t: t, said: map[string]map[uint64]string{}}
	c.moved = sync.NewCond(&c.mu)
	for i := range size {
		id, err := client.Register(t.Context(), at(i), "person"+strconv.Itoa(i), password)
		if err != nil {
			t.Fatal(err)
		}
		c.people = append(c.people, &person{crowd: c, id: id, turn: make(chan struct{}, 1), read: map[string]int{}, heard: map[int64]int{}, quiet: true})
	}
	group := c.found(at(0)[0])
	for i, p := range c.people {
		before, after := c.people[(i+size-1)%size], c.people[(i+1)%size]
		p.talks = []wire.Conv{wire.WithUser(before.id), wire.WithUser(after.id), wire.InGroup(group)}
		p.come(at(i))
	}
	c.talk()
	return c
}

// found makes the group of all.
func (c *crowd) found(addr string) (group int64) {
	c.t.Helper()
	for i, p := range c.people {
		conn := logInV2(c.t, &node{addr: addr}, p.id)
		if i == 0 {
			group = ask(c.t, conn, wire.CreateGroup{Name: "all"}).(wire.Founded).Group
		} else {
			ask(c.t, conn, wire.AddGroup{Group: group})
		}
		conn.Close()
	}
	return group
}

// come opens the client and has somebody read from it until the test ends.
func (p *person) come(addrs []string) {
	t := p.crowd.t
	t.Helper()
	opened, err := client.Open(client.Config{Addrs: addrs, Login: client.Credentials{ID: p.id, Password: password}})
	if err != nil {
		t.Fatal(err)
	}
	p.Client = opened
	var reading sync.WaitGroup
	reading.Go(func() {
		for e := range opened.Events() {
			p.take(e)
		}
	})
	t.Cleanup(func() {
		opened.Close()
		reading.Wait()
		close(p.turn)
		p.resting.Wait()
	})
}

// take is one event of the client.
func (p *person) take(e client.Event) {
	c := p.crowd
	c.mu.Lock()
	defer c.mu.Unlock()
	defer c.moved.Broadcast()
	if err := p.history.Add(e); err != nil {
		c.t.Errorf("%d: %v", p.id, err)
	}
	switch e := e.(type) {
	case client.Received:
		p.read[p.name(e.Conv)]++
		c.stands(p.name(e.Conv), e.Push.Seq, e.Push.Msg)
		sender, number := parse(c.t, e.Push.Msg)
		p.heard[sender] = max(p.heard[sender], number)
	case client.Stored:
		p.stored++
		c.stands(p.name(e.Conv), e.Seq, e.Text)
		select {
		case p.turn <- struct{}{}:
		default:
		}
	case client.Refused:
		c.t.Errorf("%d: a message is refused: %v", p.id, &e.Fault)
	case client.Ended:
		c.t.Errorf("%d: the client gave up: %v", p.id, e.Err)
	}
}

// name is what both sides of a conversation call it.
func (p *person) name(conv wire.Conv) string {
	if conv.Group {
		return conv.String()
	}
	return fmt.Sprintf("%d and %d", min(p.id, conv.ID), max(p.id, conv.ID))
}

// parse reads the text of a message: its sender and its number.
func parse(t *testing.T, text string) (sender int64, number int) {
	if _, err := fmt.Sscanf(text, "%d/%d", &sender, &number); err != nil {
		t.Errorf("nobody wrote %q", text)
	}
	return sender, number
}

// stands says that somebody knows this message at this place.
func (c *crowd) stands(conv string, seq uint64, text string) {
	if c.said[conv] == nil {
		c.said[conv] = map[uint64]string{}
	}
	if other, known := c.said[conv][seq]; known && other != text {
		c.t.Errorf("message %d of %s is %q to one and %q to another", seq, conv, other, text)
	}
	c.said[conv][seq] = text
}

// talk has everybody write, each the next message when its last one is stored.
func (c *crowd) talk() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, p := range c.people {
		p.quiet = false
		p.turn <- struct{}{}
		p.resting.Go(p.write)
	}
}

// write sends until the person is quiet or the client ends.
func (p *person) write() {
	for range p.turn {
		p.crowd.mu.Lock()
		if p.quiet {
			p.crowd.mu.Unlock()
			return
		}
		p.sent++
		number := p.sent
		p.crowd.mu.Unlock()
		if _, err := p.Send(p.talks[number%len(p.talks)], fmt.Sprintf("%d/%d", p.id, number)); err != nil {
			return
		}
	}
}
