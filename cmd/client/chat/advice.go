package chat

import (
	"context"
	"errors"
	"fmt"

	"chatserver/net/client"
	"chatserver/net/wire"
)

// sentence says that a command failed, why, and what to do about it.
func sentence(verb string, err error) string {
	var fault *wire.Fault
	switch {
	case errors.As(err, &fault):
		return refusal(verb, *fault)
	case errors.Is(err, client.ErrUnknown):
		return verb + ": the connection broke before the answer came; look whether it was done before you try again"
	case errors.Is(err, client.ErrInUse):
		return verb + " failed: another client of this account is running here; end it first"
	case errors.Is(err, context.DeadlineExceeded):
		return verb + " failed: the server cannot be reached at present; try again when you are online"
	}
	return verb + " failed: " + Clean(err.Error())
}

// refusal is a sentence for what the server refused.
func refusal(verb string, f wire.Fault) string {
	text := verb + " failed: " + Clean(f.Text)
	if hint := advice(verb, f); hint != "" {
		text += " (" + hint + ")"
	}
	return text
}

// advice is what to do about a refusal, empty where the server's word says it all.
func advice(verb string, f wire.Fault) string {
	switch f.Errno {
	case wire.Denied:
		if verb == "register" {
			return "try another name: letters, digits and _ - . are fine"
		}
		return "an id is the number that register told you; your name does as well"
	case wire.InUse:
		return "leave where you are logged in, then try again"
	case wire.NotFound:
		return "check the name or id"
	case wire.TooLarge:
		return "send it in parts"
	case wire.SlowDown, wire.Unavailable:
		if f.Retry > 0 {
			return fmt.Sprintf("try again in %v", f.Retry)
		}
		return "try again a little later"
	}
	return ""
}

func tooLong(size int) string {
	return fmt.Sprintf("the message has %d bytes and may have %d; send it in parts", size, wire.MaxMsg)
}
