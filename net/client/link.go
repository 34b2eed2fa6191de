package client

import (
	"net"
	"sync"
	"time"

	"chatserver/net/wire"
)

const (
	heartbeat = 30 * time.Second // between two PINGs; the server ends what is silent for 90 s
	silence   = 50 * time.Second // without a byte: 20 s after a PING the connection is taken for dead
)

// link is a connection in use: a goroutine reads, another one writes, and the loop, which owns
// it, waits for neither.
type link struct {
	conn *Conn
	in   chan arrival     // what came. Unbuffered: what the loop does not take stays in the network
	out  chan []addressed // what is to be sent, in one write
	stop chan struct{}    // closed by end
	live sync.WaitGroup
}

// arrival is what the connection brought.
type arrival struct {
	re    wire.Re
	reply wire.Reply
	err   error // the last one
}

// addressed is a request with the mark that its reply will have, or none.
type addressed struct {
	rid     wire.RID
	request wire.Request
}

func newLink(stream net.Conn) *link {
	k := &link{
		conn: NewConn(stream, wire.V2),
		in:   make(chan arrival),
		out:  make(chan []addressed),
		stop: make(chan struct{}),
	}
	k.live.Go(k.read)
	k.live.Go(k.write)
	return k
}

// read hands on what comes, to the first error. While nobody takes it the silence is ours and
// does not count.
func (k *link) read() {
	for {
		k.conn.stream.SetReadDeadline(time.Now().Add(silence))
		var a arrival
		a.re, a.reply, a.err = k.conn.Next()
		if k.bring(a); a.err != nil {
			return
		}
	}
}

// bring hands something to the loop, unless that has ended the connection.
func (k *link) bring(a arrival) {
	select {
	case k.in <- a:
	case <-k.stop:
	}
}

// write sends what it is given, to the first error.
func (k *link) write() {
	for {
		select {
		case batch := <-k.out:
			for _, a := range batch {
				k.conn.Queue(a.rid, a.request)
			}
			if err := k.conn.Flush(); err != nil {
				k.bring(arrival{err: err})
				return
			}
		case <-k.stop:
			return
		}
	}
}

// end closes the connection. Its goroutines have ended when it returns.
func (k *link) end() {
	close(k.stop)
	k.conn.Close()
	k.live.Wait()
}
