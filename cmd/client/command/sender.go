package command

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"chatserver/cmd/client/chat"
	"chatserver/net/client"
	"chatserver/net/wire"
)

// The pauses between two tries of a sender that had no answer: random ones up to a bound that doubles.
const (
	firstPause = 200 * time.Millisecond
	lastPause  = 5 * time.Second
)

// sender sends messages to one conversation, one at a time and so in order, over as many connections
// as it takes.
type sender struct {
	*app
	to      word
	conv    wire.Conv // once resolved
	session *session  // nil: there is none
}

// send sends one message until it is stored or refused, and prints where it is. Each has --timeout.
func (x *sender) send(ctx context.Context, text, cid string) error {
	cid, err := named(cid)
	if err != nil {
		return err
	}
	ctx, stop := context.WithTimeout(ctx, x.timeout)
	defer stop()
	uncertain, bound := false, firstPause
	for {
		stored, asked, err := x.try(ctx, text, cid)
		if err == nil {
			return x.line(sent{x.conv, stored.Seq, stored.At.UnixMilli(), cid, stored.Dup})
		}
		again, pause := retry(err)
		if !again {
			return err
		}
		uncertain = uncertain || asked && (errors.Is(err, client.ErrUnknown) || errno(err) == wire.Unavailable)
		if pause == 0 {
			pause = rand.N(bound)
			bound = min(2*bound, lastPause)
		}
		select {
		case <-ctx.Done():
			return x.late(ctx, err, cid, uncertain)
		case <-time.After(pause):
		}
	}
}

// try sends a message once, over a new session where there is none. asked: it got so far.
func (x *sender) try(ctx context.Context, text, cid string) (stored wire.Stored, asked bool, err error) {
	if x.session == nil {
		if x.session, err = x.login(ctx); err != nil {
			return stored, false, err
		}
		if x.conv, err = x.session.resolve(ctx, x.to); err != nil {
			x.hangUp()
			return stored, false, err
		}
	}
	message := client.Outgoing{Conv: x.conv, CID: cid, Text: text}
	stored, err = call[wire.Stored](ctx, x.session, message.Request())
	if errors.Is(err, client.ErrUnknown) {
		x.hangUp()
	}
	return stored, true, err
}

// retry says whether trying again may help, and after how long; 0: the server does not say.
func retry(err error) (bool, time.Duration) {
	var fault *wire.Fault
	switch {
	case errors.As(err, &fault):
		return fault.Errno == wire.SlowDown || fault.Errno == wire.Unavailable, fault.Retry
	case errors.Is(err, chat.ErrNoServer), errors.Is(err, errUngreeted), errors.Is(err, client.ErrUnknown):
		return true, 0
	}
	return false, 0
}

// late says what is known of a message when its time is over.
func (x *sender) late(ctx context.Context, err error, cid string, uncertain bool) error {
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return ctx.Err()
	case uncertain:
		return fail(unknown, "it is not known whether the message was stored (%s): send it again with --cid %s, which stores it once", sentence(err), cid)
	}
	return fmt.Errorf("the message was not sent: %w", err)
}

func (x *sender) hangUp() {
	if x.session != nil {
		x.session.close()
		x.session = nil
	}
}
