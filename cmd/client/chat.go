package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"chatserver/net/client"
	"chatserver/net/wire"
)

// patience is how long the server may take to answer all that was asked, once we leave.
const patience = 30 * time.Second

// The exit codes.
const (
	allWell     = 0
	failed      = 1   // the connection was lost, or there never was one
	misused     = 2   // a flag is wrong
	interrupted = 130 // as shells have it for SIGINT
)

// chat is a conversation between a person, or a script, and a server. One goroutine runs it
// and is the only one that prints, so lines stay whole.
type chat struct {
	conn     *client.Conn
	keyboard *keyboard
	out      io.Writer
	me       int64        // who we are, 0 before login
	waiting  wire.Request // a Login or Reg whose answer is due; until then nothing else is sent
	unsaid   wire.Request // a Login or Reg whose password is being typed
	leaving  bool         // all is sent; the server ends the connection when all is answered
	exit     int          // the exit code, once over
	over     bool
}

// heard is what the connection brought.
type heard struct {
	re    wire.MsgID // of the request that it answers
	reply wire.Reply
	err   error // the last one
}

// run returns the exit code when either side has left or ctx ended.
func (c *chat) run(ctx context.Context) int {
	ctx, stop := context.WithCancel(ctx)
	replies := make(chan heard)
	listened := make(chan struct{})
	go func() {
		defer close(listened)
		listen(ctx, c.conn, replies)
	}()
	defer func() {
		stop()
		c.conn.Close()
		<-listened
	}()
	c.keyboard.asks <- aLine
	for !c.over {
		select {
		case line := <-c.keyboard.lines:
			c.typed(line)
		case h := <-replies:
			c.heard(h)
		case <-ctx.Done():
			return interrupted
		}
	}
	return c.exit
}

// listen hands on what the connection brings, to its end or that of ctx.
func listen(ctx context.Context, conn *client.Conn, replies chan<- heard) {
	for {
		re, reply, err := conn.Next()
		select {
		case replies <- heard{re.ID, reply, err}:
		case <-ctx.Done():
			return
		}
		if err != nil {
			return
		}
	}
}

// typed does what was typed and asks for the next line where that may follow at once.
func (c *chat) typed(line typed) {
	switch {
	case errors.Is(line.err, errLongLine):
		c.say(line.err.Error())
	case line.err != nil:
		c.leave()
	case c.unsaid != nil:
		c.unseen(line.text)
	default:
		c.command(line.text)
	}
	if c.waiting == nil && c.unsaid == nil && !c.leaving && !c.over {
		c.keyboard.asks <- aLine
	}
}

// command does what one line says.
func (c *chat) command(line string) {
	if line == "" {
		return
	}
	command, err := parse(line)
	if err != nil {
		c.say(clean(err.Error()))
		return
	}
	switch command := command.(type) {
	case help:
		c.say(renderHelp())
	case quit:
		c.leave()
	case wire.Login:
		c.login(command)
	case wire.Reg:
		c.present(command, command.Password == "")
	case wire.Request:
		c.request(command)
	}
}

func (c *chat) login(l wire.Login) {
	if c.me != 0 {
		c.say(fmt.Sprintf("you are logged in as %d; loginout comes first", c.me))
		return
	}
	c.present(l, l.Password == "")
}

// present sends a Login or Reg, or first asks for the password that it lacks.
func (c *chat) present(r wire.Request, lacks bool) {
	switch {
	case !lacks:
		c.waiting = r
		c.send(r)
	case c.keyboard.unseen == nil:
		c.say("the password is missing; write " + usage(r.MsgID()))
	default:
		c.unsaid = r
		fmt.Fprint(c.out, "password: ")
		c.keyboard.asks <- aPassword
	}
}

// unseen takes the password that was typed without echo.
func (c *chat) unseen(password string) {
	r := c.unsaid
	c.unsaid = nil
	fmt.Fprintln(c.out) // the one that was typed was not echoed either
	if password == "" {
		c.say("no password, so nothing was sent")
		return
	}
	switch r := r.(type) {
	case wire.Login:
		r.Password = password
		c.present(r, false)
	case wire.Reg:
		r.Password = password
		c.present(r, false)
	}
}

// request sends what only a user may ask for.
func (c *chat) request(r wire.Request) {
	if c.me == 0 {
		c.say("log in first: " + usage(wire.LoginID) + "; " + usage(wire.RegID) + " makes an account")
		return
	}
	c.send(r)
	if _, ok := r.(wire.Logout); ok {
		c.me = 0
	}
	if note := renderSent(r); note != "" && !c.over {
		c.say(note)
	}
}

// heard prints what the server says.
func (c *chat) heard(h heard) {
	if h.err != nil {
		c.ended(h.err)
		return
	}
	if ack, ok := h.reply.(wire.LoginAck); ok {
		c.me = ack.ID
	}
	c.say(render(h.re, h.reply))
	if c.waiting != nil && answers(h.re, h.reply, c.waiting) {
		c.waiting = nil
		c.keyboard.asks <- aLine
	}
}

// answers says whether a reply is the one that a Login or Reg waits for.
func answers(re wire.MsgID, reply wire.Reply, r wire.Request) bool {
	switch reply.(type) {
	case wire.LoginAck:
		return r.MsgID() == wire.LoginID
	case wire.RegAck:
		return r.MsgID() == wire.RegID
	case wire.Refused:
		return r.MsgID() == re
	}
	return false
}

// leave says goodbye and lets the server answer what is still open.
func (c *chat) leave() {
	c.leaving = true
	if c.me != 0 {
		c.send(wire.Logout{})
	}
	if c.over {
		return
	}
	if err := c.conn.Finish(patience); err != nil {
		c.lost(err)
	}
}

// ended is the end of the connection.
func (c *chat) ended(err error) {
	switch {
	case c.leaving && err == io.EOF:
		c.over = true
	case c.leaving && errors.Is(err, os.ErrDeadlineExceeded):
		c.quit(fmt.Sprintf("the server did not finish within %v; what you sent last may not have arrived", patience))
	case err == io.EOF:
		c.quit("the server ended the connection; start again and log in")
	default:
		c.lost(err)
	}
}

func (c *chat) send(r wire.Request) {
	if err := c.conn.Send("", r); err != nil {
		c.lost(err)
	}
}

func (c *chat) lost(err error) {
	c.quit(fmt.Sprintf("the connection was lost (%v); what you sent last may not have arrived: start again and log in", err))
}

// quit ends the chat as failed, for a reason.
func (c *chat) quit(why string) {
	c.say(why)
	c.exit, c.over = failed, true
}

// say prints text and ends the line, in one write.
func (c *chat) say(text string) { io.WriteString(c.out, text+"\n") }
