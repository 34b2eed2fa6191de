package actors

import (
	"context"

	"chatserver/net/cluster"
)

// doubtfulBus is a node's end of the bus, of which calls that took effect may fail all the same.
type doubtfulBus struct {
	cluster.Bus
	t *trial
}

// told is what the caller of something that was done is told.
func (b doubtfulBus) told(err error) error {
	if err == nil && b.t.strikes(b.t.busUnsure) {
		b.t.happened["unsure-bus"]++
		return errUnsure
	}
	return err
}

func (b doubtfulBus) Open(ctx context.Context, self cluster.NodeID, ear cluster.Ear) error {
	return b.told(b.Bus.Open(ctx, self, ear))
}

func (b doubtfulBus) Beat(ctx context.Context) (cluster.View, error) {
	view, err := b.Bus.Beat(ctx)
	return view, b.told(err)
}

func (b doubtfulBus) Publish(ctx context.Context, mail []cluster.Mail) []error {
	errs := b.Bus.Publish(ctx, mail)
	for i := range errs {
		errs[i] = b.told(errs[i])
	}
	return errs
}

func (b doubtfulBus) Claim(ctx context.Context, self cluster.NodeID, claims []cluster.Claim) ([]cluster.Claimed, error) {
	found, err := b.Bus.Claim(ctx, self, claims)
	if err = b.told(err); err != nil {
		return nil, err
	}
	return found, nil
}

func (b doubtfulBus) Release(ctx context.Context, self cluster.NodeID, keys []cluster.Key) error {
	return b.told(b.Bus.Release(ctx, self, keys))
}
