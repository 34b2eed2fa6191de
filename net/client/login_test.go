package client

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"chatserver/net/wire"
)

var (
	byPassword = Credentials{Name: "ann", Password: "secret"}
	denied     = wire.Fault{Errno: wire.Denied, Text: "id or password is invalid!"}
)

func TestPasswordIsUsedOnceAndTheTokenFromThenOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		u := w.open(byPassword)
		next[Connecting](u)
		p := w.accept()
		re := p.want(wire.Login{V: wire.V2, Name: "ann", Password: "secret", Device: "test"})
		p.reply(re, welcome())
		next[Online](u)
		p.close()
		p = w.accept()
		re = p.want(wire.Login{V: wire.V2, Token: "tok", Device: "test"})
		second := welcome()
		second.Token = "tok2"
		p.reply(re, second)
		u.want(CaughtUp{})
		next[Offline](u)
		next[Connecting](u)
		next[Online](u)
		u.Close()

		w.open(Credentials{})
		w.accept().want(wire.Login{V: wire.V2, Token: "tok2", Device: "test"})
	})
}

func TestRefusedTokenLeavesThePassword(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		u, p := w.online()
		p.close()
		p = w.accept()
		re, _ := ask[wire.Login](p)
		p.refuse(re, denied)

		re = p.want(wire.Login{V: wire.V2, ID: 1, Password: "secret", Device: "test"})
		p.refuse(re, denied)

		u.want(CaughtUp{})
		next[Offline](u)
		next[Connecting](u)
		u.want(Ended{&denied})
	})
}

func TestLoginIsRefusedForGoodOrForNow(t *testing.T) {
	for _, c := range []struct {
		errno wire.Errno
		good  bool
	}{
		{wire.Denied, true},
		{wire.Version, true},
		{wire.Invalid, true},
		{wire.InUse, false},
		{wire.SlowDown, false},
		{wire.Unavailable, false},
	} {
		t.Run(c.errno.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				u := w.open(byPassword)
				next[Connecting](u)
				p := w.accept()
				re, _ := ask[wire.Login](p)
				fault := wire.Fault{Errno: c.errno, Text: "no", Retry: 40 * time.Second}
				p.refuse(re, fault)

				if c.good {
					if end := next[Ended](u); !isFault(end.Err, c.errno) {
						t.Errorf("ended: %v", end.Err)
					}
					return
				}
				lost := next[Offline](u)
				if !isFault(lost.Err, c.errno) || lost.Retry < fault.Retry {
					t.Errorf("offline: %v, again after %v", lost.Err, lost.Retry)
				}
				next[Connecting](u)
			})
		})
	}
}

func TestServerThatIsTooOldEndsTheClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		u := w.open(byPassword)
		next[Connecting](u)
		p := w.accept()
		ask[wire.Login](p)

		p.write([]byte(`{"msgid":2,"errno":111,"errmsg":"leave v out"}` + "\n")) // it knows no rid

		if end := next[Ended](u); !isFault(end.Err, wire.Version) {
			t.Errorf("ended: %v", end.Err)
		}
	})
}

func TestRefusedConnectionIsTriedAgainWhenTheServerSays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		u := w.open(byPassword)
		next[Connecting](u)
		p := w.accept()
		ask[wire.Login](p)

		p.refuse(wire.Re{In: wire.V2}, wire.Fault{Errno: wire.SlowDown, Text: "too many connections", Retry: 10 * time.Second})

		if lost := next[Offline](u); !isFault(lost.Err, wire.SlowDown) || lost.Retry < 10*time.Second {
			t.Errorf("offline: %v, again after %v", lost.Err, lost.Retry)
		}
		next[Connecting](u)
	})
}

func TestStateOfAnotherAccountIsLeftAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		u, _ := w.online()
		u.Close()

		u = w.open(Credentials{ID: 2, Password: "secret"})
		next[Connecting](u)
		p := w.accept()
		re, _ := ask[wire.Login](p)
		other := welcome()
		other.ID, other.Token = 2, "other"
		p.reply(re, other)

		u.want(Ended{ErrAccount})
		if kept, _ := w.state.Load(); kept.ID != 1 || kept.Token != "tok" {
			t.Errorf("kept %+v", kept.Identity)
		}
	})
}

func TestDeviceIsMadeOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		var devices []string
		for range 2 {
			c, err := Open(Config{Addrs: []string{"a:1"}, Login: byPassword, State: w.state, Dialer: w.dial})
			if err != nil {
				t.Fatal(err)
			}
			_, login := ask[wire.Login](w.accept())
			devices = append(devices, login.Device)
			c.Close()
		}

		if devices[0] == "" || devices[0] != devices[1] {
			t.Errorf("devices %q", devices)
		}
	})
}

func TestOpenSaysWhatItLacks(t *testing.T) {
	full := &fullDisk{State: Memory()}
	full.now.Store(true)
	for name, cfg := range map[string]Config{
		"an address": {Login: byPassword},
		"a login":    {Addrs: []string{"a:1"}},
		"a disk":     {Addrs: []string{"a:1"}, Login: byPassword, State: full},
	} {
		if _, err := Open(cfg); err == nil {
			t.Errorf("without %s it opens", name)
		}
	}
}

func isFault(err error, errno wire.Errno) bool {
	fault := (*wire.Fault)(nil)
	return errors.As(err, &fault) && fault.Errno == errno
}
