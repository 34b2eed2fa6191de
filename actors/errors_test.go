package actors

import (
	"errors"
	"testing"

	"chatserver/net/wire"
	"chatserver/persistence"
)

func TestOfAnErrorThatIsSeveralTheFirstInTheTableCounts(t *testing.T) {
	for i, first := range errnos {
		for _, other := range errnos[i:] {
			if got := errnoOf(errors.Join(other.err, first.err)); got != first.errno {
				t.Errorf("%q and %q: %v", other.err, first.err, got)
			}
		}
	}
}

// The password was changed since it was checked. The token may have been revoked with it, or be there still.
func TestALoginIsDeniedThoughItsTokenWasNotTakenBack(t *testing.T) {
	for _, revoke := range []error{nil, persistence.ErrNotFound, errors.New("disk full")} {
		if f := fault(wire.Login{}, errors.Join(errDenied, revoke)); f.Errno != wire.Denied {
			t.Errorf("%v: %v", revoke, f)
		}
	}
}
