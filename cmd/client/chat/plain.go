package chat

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"golang.org/x/term"

	"chatserver/net/wire"
)

// patience is how long all that was sent may take to be stored, once its user leaves.
const patience = 30 * time.Second

// plain is the face for scripts and screen readers: it reads commands, a line each, and prints
// what happens. One goroutine runs it and is the only one that prints, so lines stay whole.
type plain struct {
	shell    *shell
	keyboard *keyboard
	out      io.Writer
	person   bool        // somebody reads what is printed
	done     chan func() // what tasks bring
	waits    int         // tasks that the next line waits for
	asked    bool        // the keyboard was asked for a line
	leaving  bool
	late     <-chan time.Time // patience is at its end
	away     bool             // what was said meanwhile has its title
	resumes  bool             // the first line that is no login logs in by the token that is kept
	held     string           // that line, meanwhile
}

// runPlain is Run without a screen.
func runPlain(ctx context.Context, w world, o Options) int {
	fd := int(o.In.Fd())
	var unseen func() (string, error)
	if before, err := term.GetState(fd); err == nil { // it is a terminal
		defer term.Restore(fd, before) // a password being typed has the echo off
		unseen = func() (string, error) {
			password, err := term.ReadPassword(fd)
			return string(password), err
		}
	}
	k := newKeyboard(o.In, unseen)
	defer k.close()
	p := newPlain(w, k, o.Out)
	p.say("help shows the commands")
	switch {
	case o.Account == "":
	case p.person:
		p.shell.resume()
	default: // a script may be about to become somebody else
		p.resumes = true
	}
	return p.run(ctx)
}

func newPlain(w world, k *keyboard, out io.Writer) *plain {
	person := k.unseen != nil
	p := &plain{shell: newShell(w, person), keyboard: k, out: out, person: person, done: make(chan func())}
	p.shell.print, p.shell.arrived = p.say, p.arrived
	return p
}

// run returns the exit code when the user has left or ctx ended.
func (p *plain) run(ctx context.Context) int {
	ctx, stop := context.WithCancel(ctx)
	var tasks sync.WaitGroup
	defer func() {
		stop()
		p.finish(&tasks)
	}()
	for {
		for _, t := range p.shell.take() {
			if !t.background {
				p.waits++
			}
			tasks.Go(func() { p.work(ctx, t) })
		}
		if p.held != "" && p.idle() {
			line := p.held
			p.held = ""
			p.shell.enter(line)
			continue
		}
		if code, over := p.verdict(); over {
			return code
		}
		p.prompt()
		select {
		case typed := <-p.keyboard.lines:
			p.typed(typed)
		case bring := <-p.done:
			bring()
		case <-p.late:
			return p.giveUp()
		case <-ctx.Done():
			return interrupted
		}
	}
}

// finish takes what tasks that were told to stop still bring: a message that was taken from the
// session does not come again, so it has to be printed.
func (p *plain) finish(tasks *sync.WaitGroup) {
	go func() {
		tasks.Wait()
		close(p.done)
	}()
	for bring := range p.done {
		bring()
	}
	p.shell.close()
}

// work runs a task and hands over what it brings.
func (p *plain) work(ctx context.Context, t task) {
	bring := t.run(ctx)
	p.done <- func() {
		if !t.background {
			p.waits--
		}
		bring()
	}
}

// idle says whether all that was typed is done, but for messages, which nothing waits for.
func (p *plain) idle() bool { return p.waits == 0 && p.shell.landed && !p.shell.parting }

// verdict is the exit code, once it is known.
func (p *plain) verdict() (code int, over bool) {
	if p.shell.over && !p.leaving {
		p.leave()
	}
	switch {
	case p.shell.failed:
		return failed, true
	case !p.leaving || !p.idle() || p.shell.waiting() > 0:
		return 0, false
	case p.shell.behind > 0:
		return unknown, true
	}
	return allWell, true
}

// prompt asks for the next line, or for a password.
func (p *plain) prompt() {
	if p.asked || p.leaving || !p.idle() {
		return
	}
	p.asked = true
	if s := p.shell.secret; s != nil {
		fmt.Fprint(p.out, s.prompt+": ")
		p.keyboard.asks <- aPassword
		return
	}
	p.keyboard.asks <- aLine
}

// typed does what was typed.
func (p *plain) typed(line typed) {
	p.asked = false
	switch {
	case errors.Is(line.err, errLongLine):
		p.say(line.err.Error())
	case line.err != nil:
		p.leave()
	case p.shell.secret != nil:
		fmt.Fprintln(p.out) // the one that was typed was not echoed either
		p.shell.answer(line.text)
	default:
		p.enter(line.text)
	}
}

// enter does a line, the first one after a login by the token if it needs one.
func (p *plain) enter(line string) {
	resumes := p.resumes && !tellsPassword(line)
	p.resumes = false
	if resumes {
		p.held = line
		p.shell.resume()
		return
	}
	p.shell.enter(line)
}

func (p *plain) leave() {
	p.leaving = true
	p.late = time.After(patience)
}

// giveUp leaves though not all is done.
func (p *plain) giveUp() int {
	if n := p.shell.waiting() + p.shell.behind; n > 0 {
		p.say(fmt.Sprintf("the server did not confirm %s within %v; log in here again to send what waits",
			counted(n, "message", "messages"), patience))
		return unknown
	}
	return allWell
}

// arrived prints a message.
func (p *plain) arrived(c *conversation, m wire.Push) {
	if !p.shell.landed && !p.away {
		p.say("while you were away:")
	}
	p.away = !p.shell.landed
	c.trim()
	p.say(p.shell.line(c.Conv, &item{from: m.From, at: m.At, text: m.Msg}))
	if p.person {
		c.read(m.Seq)
		p.shell.session.Read(c.Conv, m.Seq)
	}
}

// say prints text and ends the line, in one write.
func (p *plain) say(text string) { io.WriteString(p.out, text+"\n") }
