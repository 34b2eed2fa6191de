package actors

import (
	"context"
	"errors"
	"net/netip"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"chatserver/net/cluster"
	"chatserver/net/wire"
	"chatserver/persistence"
	"chatserver/persistence/account"
)

// Accounts registers accounts, checks passwords, and ends logins and accounts: whoever asked may be gone by
// then, the other nodes have to know. Hashing is slow on purpose, so only a few run at once and a bounded
// number wait. Rebuilt on panic: those who wait hear nothing and time out.
type Accounts struct {
	env      *Env
	at       places
	running  int
	waiting  []attempt
	failures map[netip.Prefix]int // by network, in the minute that began at minute
	minute   time.Time
	drainer  *actor.PID
}

type (
	// CheckPassword asks whether a login is good, and for a token where Secret is not empty. Answer:
	// Checked.
	CheckPassword struct {
		Ref      uint64
		Addr     netip.Addr
		User     persistence.UserID
		Key      []byte // of the name, where User is 0
		Password string
		Secret   Secret
	}
	// Checked is a login that is good, by a password of this Gen.
	Checked struct {
		persistence.Redeemed
		Gen uint64
	}
	// OpenAccount asks for a new account. Answer: persistence.UserID.
	OpenAccount struct {
		Ref            uint64
		Addr           netip.Addr
		Name, Password string
	}
	// ChangePassword asks for another password, which ends all the user's tokens but Keep. Answer: nothing.
	ChangePassword struct {
		Ref           uint64
		Addr          netip.Addr
		User          persistence.UserID
		Password, New string
		Keep          persistence.TokenID
	}
	// EndLogin asks to revoke a token. Answer: nothing.
	EndLogin struct {
		Ref   uint64
		Addr  netip.Addr
		User  persistence.UserID
		Token persistence.TokenID
	}
	// EndAccount asks to close an account. Answer: nothing.
	EndAccount struct {
		Ref      uint64
		Addr     netip.Addr
		User     persistence.UserID
		Password string
	}
)

// attempt is a login or registration with all that is needed to make it and to answer it.
type attempt struct {
	by    *actor.PID
	ref   uint64
	from  netip.Prefix       // the client's Network
	costs bool               // counts against the network even when it succeeds
	ends  persistence.UserID // whose logins it ends; 0: nobody's, or those of who logs in
	token bool               // a login is issued one, in place of the last of its device
	try   func(context.Context) (any, error)
}

// attempted is an attempt that was made.
type attempted struct {
	by *Accounts
	attempt
	value any
	err   error
}

// NewAccounts makes the doorkeeper of a node.
func NewAccounts(env *Env, at places) *Accounts {
	return &Accounts{env: env, at: at, failures: map[netip.Prefix]int{}, minute: env.Clock.Now()}
}

// Receive makes Accounts an actor.
func (a *Accounts) Receive(ctx actor.Context) {
	switch msg := ctx.Message().(type) {
	case *actor.Restarting:
		a.at.doubt(a.env)
	case CheckPassword:
		a.admit(ctx, msg.Ref, msg.Addr, attempt{token: msg.Secret.Text != "", try: a.check(msg)})
	case OpenAccount:
		a.admit(ctx, msg.Ref, msg.Addr, attempt{costs: true, try: a.open(msg)})
	case ChangePassword:
		a.admit(ctx, msg.Ref, msg.Addr, attempt{ends: msg.User, try: a.change(msg)})
	case EndLogin:
		a.admit(ctx, msg.Ref, msg.Addr, attempt{ends: msg.User, try: a.revoke(msg)})
	case EndAccount:
		a.admit(ctx, msg.Ref, msg.Addr, attempt{ends: msg.User, try: a.end(msg)})
	case attempted:
		a.attempted(ctx, msg)
	case Drain:
		a.drain(ctx)
	default:
		a.env.unknown(ctx)
	}
}

// admit lets an attempt wait for its turn, or refuses it.
func (a *Accounts) admit(ctx actor.Context, ref uint64, addr netip.Addr, t attempt) {
	t.by, t.ref, t.from = ctx.Sender(), ref, Network(addr)
	if a.exhausted(t.from) || len(a.waiting) >= a.env.Limits.Logins {
		ctx.Send(t.by, Answer{Ref: t.ref, Err: errBusy})
		return
	}
	a.failures[t.from]++ // until it proves to be none
	a.waiting = append(a.waiting, t)
	a.next(ctx)
}

// exhausted tells whether a network has used up its failures of this minute.
func (a *Accounts) exhausted(from netip.Prefix) bool {
	if now := a.env.Clock.Now(); now.Sub(a.minute) >= time.Minute {
		clear(a.failures)
		a.minute = now
	}
	return a.env.Limits.PerAddress > 0 && a.failures[from] >= a.env.Limits.PerAddress
}

func (a *Accounts) next(ctx actor.Context) {
	for a.running < a.env.Limits.Hashes && len(a.waiting) > 0 {
		t := a.waiting[0]
		a.waiting[0] = attempt{} // it holds a password
		a.waiting = a.waiting[1:]
		a.running++
		a.env.Crew.Run(ctx.Self(), func(ctx context.Context) any {
			value, err := guard(a.env, func() (any, error) { return t.try(ctx) })
			return attempted{a, t, value, err}
		})
	}
}

func (a *Accounts) attempted(ctx actor.Context, msg attempted) {
	if msg.by == a {
		a.running--
		a.next(ctx)
	}
	if !msg.costs && !errors.Is(msg.err, errDenied) && a.failures[msg.from] > 0 {
		a.failures[msg.from]--
	}
	ctx.Send(msg.attempt.by, Answer{Ref: msg.ref, Value: msg.value, Err: msg.err})
	if as, ok := msg.value.(Checked); ok && msg.token {
		msg.ends = as.ID
	}
	if msg.ends != 0 || msg.token {
		a.ended(ctx, msg)
	}
	a.drained(ctx)
}

// ended lets every node know of logins that were ended, and of groups that an account left with them: these
// were left though the rest failed.
func (a *Accounts) ended(ctx actor.Context, msg attempted) {
	left, _ := msg.value.([]persistence.Leaving)
	for _, l := range left {
		a.at.left(ctx, a.env, l.Group, msg.ends, l.Heir)
	}
	switch {
	case msg.err == nil:
		a.at.spread(ctx, a.env, cluster.Refresh{User: msg.ends})
	case errnoOf(msg.err) == wire.Unavailable:
		a.at.doubt(a.env)
	}
}

// drain ends the actor when nothing is under way: nobody else would tell what comes of it.
func (a *Accounts) drain(ctx actor.Context) {
	a.drainer = ctx.Sender()
	a.drained(ctx)
}

func (a *Accounts) drained(ctx actor.Context) {
	if a.drainer != nil && a.running == 0 {
		ctx.Send(a.drainer, Drained{})
		a.drainer = nil
	}
}

// verify hashes also where there is no such user, so that the time taken does not tell.
func (a *Accounts) verify(known persistence.Credentials, err error, password string) error {
	switch {
	case isNotFound(err):
		a.env.Passwords.Hash(password)
		return errDenied
	case err != nil:
		return err
	case !a.env.Passwords.Verify(known.Hash, password):
		return errDenied
	}
	return nil
}

// prove asks who is logged in for the password once more.
func (a *Accounts) prove(ctx context.Context, user persistence.UserID, password string) error {
	known, err := a.env.Store.Credentials(ctx, user)
	return a.verify(known, err, password)
}

func (a *Accounts) check(msg CheckPassword) func(context.Context) (any, error) {
	return func(ctx context.Context) (any, error) {
		var known persistence.Credentials
		var err error
		if msg.User != 0 {
			known, err = a.env.Store.Credentials(ctx, msg.User)
		} else {
			known, err = a.env.Store.CredentialsOf(ctx, msg.Key)
		}
		if err := a.verify(known, err, msg.Password); err != nil {
			return nil, err
		}
		login := Checked{persistence.Redeemed{User: known.User, Device: msg.Secret.Device}, known.Gen}
		if msg.Secret.Text != "" {
			login.Token, err = a.issue(ctx, known, msg.Secret)
		}
		return login, err
	}
}

// issue takes the token back where the password was changed since it was checked, which ended all
// tokens there were: that is denied, whatever Revoke says.
func (a *Accounts) issue(ctx context.Context, known persistence.Credentials, secret Secret) (persistence.TokenID, error) {
	token, err := a.env.Store.Issue(ctx, known.ID, secret.Device, secret.Hash, secret.Expires)
	if err != nil {
		return 0, err
	}
	now, err := a.env.Store.Credentials(ctx, known.ID)
	if err == nil && now.Gen != known.Gen {
		err = errors.Join(errDenied, a.env.Store.Revoke(ctx, known.ID, token))
	}
	return token, err
}

func (a *Accounts) change(msg ChangePassword) func(context.Context) (any, error) {
	return func(ctx context.Context) (any, error) {
		if err := a.prove(ctx, msg.User, msg.Password); err != nil {
			return nil, err
		}
		return nil, a.env.Store.SetPassword(ctx, msg.User, a.env.Passwords.Hash(msg.New), msg.Keep)
	}
}

func (a *Accounts) revoke(msg EndLogin) func(context.Context) (any, error) {
	return func(ctx context.Context) (any, error) { return nil, a.env.Store.Revoke(ctx, msg.User, msg.Token) }
}

func (a *Accounts) end(msg EndAccount) func(context.Context) (any, error) {
	return func(ctx context.Context) (any, error) {
		if err := a.prove(ctx, msg.User, msg.Password); err != nil {
			return nil, err
		}
		return a.env.Store.CloseAccount(ctx, msg.User)
	}
}

func (a *Accounts) open(msg OpenAccount) func(context.Context) (any, error) {
	return func(ctx context.Context) (any, error) {
		name, key, err := account.Name(msg.Name)
		if err != nil {
			return nil, &wire.Fault{Errno: wire.Denied, Text: err.Error()}
		}
		return a.env.Store.Register(ctx, name, key, a.env.Passwords.Hash(msg.Password))
	}
}
