// Command client is the client of the chat server: without a command a chat in this terminal, see
// package chat, otherwise one that scripts can use, see package command.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/term"

	"chatserver/cmd/client/chat"
	"chatserver/cmd/client/command"
	"chatserver/net/client"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	world := command.World{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Dial: client.DialTCP, Chat: talk}
	restore := func() {}
	fd := int(os.Stdin.Fd())
	if before, err := term.GetState(fd); err == nil { // it is a terminal
		restore = func() { term.Restore(fd, before) } // a password being typed has the echo off
		world.Unseen = func() (string, error) {
			password, err := term.ReadPassword(fd)
			return string(password), err
		}
	}
	code := command.Run(ctx, os.Args[1:], world)
	stop()
	restore()
	os.Exit(code)
}

func talk(ctx context.Context, o chat.Options) int {
	o.In, o.Out = os.Stdin, os.Stdout
	return chat.Run(ctx, o)
}
