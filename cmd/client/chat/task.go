package chat

import (
	"context"
	"fmt"
	"time"

	"chatserver/net/wire"
)

// answering is how long a request may take, from typing it to its answer.
const answering = 30 * time.Second

// task is work that waits for the network, on a goroutine of its own. What it returns is called
// on the goroutine of the face.
type task struct {
	run        func(ctx context.Context) func()
	background bool // nobody waits for it
}

// do starts a task. next is called with its answer on the goroutine of the face, unless the
// session it was asked for is not the present one any more.
func do[T any](s *shell, background bool, ask func(ctx context.Context, in session) (T, error), next func(T, error)) {
	in := s.session
	s.tasks = append(s.tasks, task{background: background, run: func(ctx context.Context) func() {
		answer, err := ask(ctx, in)
		return func() {
			if s.session == in {
				next(answer, err)
			}
		}
	}})
}

// ask sends a request for a command; next gets the answer, an error is said.
func ask[T wire.Reply](s *shell, verb string, r wire.Request, next func(T)) {
	if !s.ready() {
		return
	}
	do(s, false, calling[T](r), func(reply T, err error) {
		if err != nil {
			s.say(sentence(verb, err))
			return
		}
		next(reply)
	})
}

// learn sends a request that nobody typed; without an answer it is as if it was not asked.
func learn[T wire.Reply](s *shell, r wire.Request, next func(T)) {
	do(s, true, calling[T](r), func(reply T, err error) {
		if err == nil {
			next(reply)
		}
	})
}

// calling is a request that is answered by a T.
func calling[T wire.Reply](r wire.Request) func(context.Context, session) (T, error) {
	return func(ctx context.Context, in session) (answer T, err error) {
		ctx, stop := context.WithTimeout(ctx, answering)
		defer stop()
		reply, err := in.Call(ctx, r)
		answer, fits := reply.(T)
		if err == nil && !fits {
			err = fmt.Errorf("the server answered with a %T, which this client does not understand", reply)
		}
		return answer, err
	}
}

// take hands the tasks over to the face.
func (s *shell) take() []task {
	tasks := s.tasks
	s.tasks = nil
	return tasks
}
