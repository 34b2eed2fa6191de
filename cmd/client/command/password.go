package command

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/pflag"

	"chatserver/net/wire"
)

// password is where a password comes from: never from an argument, which others can see.
type password struct {
	flag     string // that names a file
	variable string // that has it
	file     string
	prompt   string
}

// current is the password of the account.
func current(flags *pflag.FlagSet) *password {
	p := &password{flag: "password-file", variable: "CHAT_PASSWORD", prompt: "password: "}
	p.addTo(flags)
	return p
}

func (p *password) addTo(flags *pflag.FlagSet) {
	flags.StringVar(&p.file, p.flag, "", "file whose first line is the password, - for standard input (otherwise "+p.variable+", or a prompt)")
}

// read returns the password. One that is new is asked for twice.
func (p *password) read(ctx context.Context, a *app, isNew bool) (string, error) {
	switch text, set := os.LookupEnv(p.variable); {
	case p.file != "":
		return p.fromFile(a.In)
	case set:
		return text, nil
	case a.Unseen == nil:
		return "", fail(misused, "there is no terminal to ask for the password: use --%s FILE, or set %s", p.flag, p.variable)
	}
	text, err := a.ask(ctx, p.prompt)
	if err != nil || !isNew {
		return text, err
	}
	again, err := a.ask(ctx, "the same again: ")
	if err == nil && again != text {
		err = fail(misused, "these are two different passwords: nothing was done")
	}
	return text, err
}

// fromFile reads the first line of the file, so that an editor's line end is no part of it.
func (p *password) fromFile(stdin io.Reader) (string, error) {
	in := stdin
	if p.file != "-" {
		f, err := os.Open(p.file)
		if err != nil {
			return "", fail(misused, "--%s: %w", p.flag, err)
		}
		defer f.Close()
		in = f
	}
	text, err := bufio.NewReader(io.LimitReader(in, wire.MaxPassword+2)).ReadString('\n')
	if err != nil && err != io.EOF {
		return "", fail(misused, "--%s: %w", p.flag, err)
	}
	text = strings.TrimRight(text, "\r\n")
	if text == "" {
		return "", fail(misused, "--%s: the first line of %s is empty", p.flag, p.file)
	}
	return text, nil
}

// ask reads a line from the terminal without echo. Whom ctx interrupts leaves the reading to end
// with the process.
func (a *app) ask(ctx context.Context, prompt string) (string, error) {
	type line struct {
		text string
		err  error
	}
	typed := make(chan line, 1)
	fmt.Fprint(a.Err, prompt)
	go func() {
		text, err := a.Unseen()
		typed <- line{text, err}
	}()
	defer fmt.Fprintln(a.Err) // the one that was typed was not echoed either
	select {
	case <-ctx.Done():
		return "", ctx.Err()
	case l := <-typed:
		if l.err == io.EOF || l.err == nil && l.text == "" {
			return "", fail(misused, "no password, so nothing was done")
		}
		return l.text, l.err
	}
}
