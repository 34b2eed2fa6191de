package sim

import (
	"strings"

	"github.com/asynkron/protoactor-go/actor"
)

// Match tells for a message and its receiver's name whether a fault is meant.
type Match func(to string, msg any) bool

// To matches what is sent to the actor of that name; with "/" at its end, to all below it,
// "users/" to every user; "" to everyone.
func To(name string) Match {
	return func(to string, _ any) bool { return named(name, to) }
}

// Of matches the messages of type T to those whom To(name) means, where all of where agree.
func Of[T any](name string, where ...func(T) bool) Match {
	return func(to string, msg any) bool {
		typed, ok := msg.(T)
		if !ok || !named(name, to) {
			return false
		}
		for _, agrees := range where {
			if !agrees(typed) {
				return false
			}
		}
		return true
	}
}

func named(name, to string) bool {
	if name == "" || strings.HasSuffix(name, "/") {
		return strings.HasPrefix(to, name)
	}
	return to == name
}

// unwrap separates a posted message from its envelope.
func unwrap(posted any) (msg any, from *actor.PID) {
	_, msg, from = actor.UnwrapEnvelope(posted)
	return msg, from
}
