package bench

import (
	"context"

	"chatserver/net/wire"
)

// chat has pairs talk: in each, one connection sends and the other receives.
func chat(ctx context.Context, opts options, w *watch, b *book) (Report, error) {
	opts.Conns -= opts.Conns % 2
	accounts, err := b.enroll(ctx, opts.Conns, opts.Addrs, opts.Prefix)
	if err != nil {
		return Report{}, err
	}
	at := func(i int) string { return opts.Addrs[(i/2+i%2)%len(opts.Addrs)] } // the two of a pair apart
	conns, err := loginAll(ctx, accounts, at, opts.dialect())
	if err != nil {
		return Report{}, err
	}
	t := newTalk(opts)
	for i := 0; i < len(conns); i += 2 {
		sender, receiver := t.listen(conns[i]), t.listen(conns[i+1])
		t.send(sender, wire.WithUser(accounts[i+1].ID), []*listener{receiver})
	}
	return t.report(ctx, "chat", w)
}
