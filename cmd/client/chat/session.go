package chat

import (
	"context"
	"time"

	"chatserver/net/client"
	"chatserver/net/wire"
)

// session is an account that is kept connected: what the faces need of a *client.Client, whose
// contract it has.
type session interface {
	Events() <-chan client.Event
	Send(conv wire.Conv, text string) (client.Outgoing, error)
	Call(ctx context.Context, r wire.Request) (wire.Reply, error)
	History(ctx context.Context, conv wire.Conv, before uint64, limit int) (wire.SyncAck, error)
	Read(conv wire.Conv, seq uint64)
	Typing(conv wire.Conv)
	Outbox() []client.Outgoing
	Close() error
}

// world is what is outside of a chat, so that tests can stand in for it.
type world struct {
	open     func(context.Context, client.Credentials) (session, error)
	register func(ctx context.Context, name, password string) (int64, error)
	now      func() time.Time
	zone     *time.Location
}

// worldOf is the world of a process.
func worldOf(o Options) world {
	return world{
		open: func(ctx context.Context, login client.Credentials) (session, error) {
			c, err := o.Open(ctx, login)
			if err != nil {
				return nil, err // a nil *Client would be a session that is not nil
			}
			return c, nil
		},
		register: func(ctx context.Context, name, password string) (int64, error) {
			return client.Register(ctx, o.Addrs, name, password)
		},
		now:  time.Now,
		zone: time.Local,
	}
}

// close ends the session, whatever is on its way.
func (s *shell) close() {
	if s.session != nil {
		if err := s.session.Close(); err != nil {
			s.say("what this client keeps could not be saved: " + Clean(err.Error()))
		}
		s.session = nil
	}
}

// begin makes in the session.
func (s *shell) begin(in session) {
	s.session, s.landed, s.failed = in, false, false
	for _, o := range in.Outbox() {
		s.conv(o.Conv).send(0, o)
	}
	s.listen()
}

// listen hears the next event, and then the one after it.
func (s *shell) listen() {
	do(s, true, func(ctx context.Context, in session) (client.Event, error) {
		select {
		case e := <-in.Events():
			return e, nil
		case <-ctx.Done():
			return nil, nil
		}
	}, func(e client.Event, _ error) {
		if e == nil {
			return // it was the last one
		}
		s.happened(e)
		if s.session != nil {
			s.listen()
		}
	})
}
