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
	conns, err := loginAll(ctx, accounts, apart(opts.Addrs), opts.dialect())
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

// apart has connections go to addrs: 2i and 2i+1, which are a pair, to one and the next.
func apart(addrs []string) func(i int) string {
	return func(i int) string { return addrs[(i/2+i%2)%len(addrs)] }
}
