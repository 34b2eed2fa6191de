package bench

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"

	"chatserver/net/wire"
)

// groupChat has some members of one group send to it. A message is under way until all the others have it.
func groupChat(ctx context.Context, opts options, w *watch, b *book) (Report, error) {
	opts.Conns = opts.Members
	accounts, err := b.enroll(ctx, opts.Members, opts.Addrs, opts.Prefix)
	if err != nil {
		return Report{}, err
	}
	group, err := found(ctx, accounts, opts)
	if err != nil {
		return Report{}, err
	}
	at := func(i int) string { return opts.Addrs[i%len(opts.Addrs)] }
	conns, err := loginAll(ctx, accounts, at, opts.dialect())
	if err != nil {
		return Report{}, err
	}
	t := newTalk(opts)
	for _, conn := range conns {
		t.listen(conn)
	}
	for i := range opts.senders() {
		others := slices.Concat(t.listeners[:i], t.listeners[i+1:])
		t.send(t.listeners[i], wire.InGroup(group), others)
	}
	report, err := t.report(ctx, "group", w)
	return report, errors.Join(err, disband(ctx, accounts[0], group, opts.Addrs[0]))
}

// found makes a group of all accounts and returns its id. This part is v2 in either dialect: in
// classic nobody is told the id.
func found(ctx context.Context, accounts []*account, opts options) (group int64, err error) {
	reply, err := accounts[0].ask(ctx, opts.Addrs[0], wire.CreateGroup{Name: "bench " + opts.run})
	if err != nil {
		return 0, err
	}
	group = reply.(wire.Founded).Group
	joins, ctx := errgroup.WithContext(ctx)
	joins.SetLimit(atOnce)
	for i, a := range accounts[1:] {
		joins.Go(func() error {
			_, err := a.ask(ctx, opts.Addrs[i%len(opts.Addrs)], wire.AddGroup{Group: group})
			return err
		})
	}
	return group, joins.Wait()
}

// ask logs in for one request and returns what the server says to it.
func (a *account) ask(ctx context.Context, addr string, r wire.Request) (wire.Reply, error) {
	conn, err := a.login(ctx, addr, wire.V2)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	for {
		reply, err := conn.Ask(ctx, r)
		if err == nil {
			return reply, nil
		}
		if err := wait(ctx, err); err != nil {
			return nil, fmt.Errorf("%v of %s: %w", r.MsgID(), a.Name, err)
		}
	}
}

// disband ends the group, also where ctx has ended.
func disband(ctx context.Context, creator *account, group int64, addr string) error {
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), settling)
	defer stop()
	_, err := creator.ask(ctx, addr, wire.GroupSet{Group: group, Delete: true})
	return err
}
