package redisbus

import (
	"context"
	"fmt"

	"github.com/redis/go-redis/v9"

	"chatserver/net/cluster"
)

// Publish is described at cluster.Bus. All batches are one round trip. A batch has no bound of its own
// below the 512 MiB that Redis takes; the receiver's is client-output-buffer-limit, see configs/redis.conf.
func (b *Bus) Publish(ctx context.Context, mail []cluster.Mail) []error {
	errs := make([]error, len(mail))
	receivers := make([]*redis.IntCmd, len(mail))
	_, err := b.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, m := range mail {
			frame, err := b.seal.pack(m.To, m.Batch)
			if err != nil {
				errs[i] = err
				continue
			}
			receivers[i] = p.Publish(ctx, mailbox(m.To), frame)
		}
		return nil
	})
	for i, n := range receivers {
		switch {
		case n == nil || n.Val() > 0:
		case n.Err() != nil:
			errs[i] = failed(ctx, fmt.Sprintf("send to %s", mail[i].To), n.Err())
		case err != nil:
			errs[i] = failed(ctx, fmt.Sprintf("send to %s", mail[i].To), err)
		default:
			errs[i] = cluster.ErrNobody
		}
	}
	return errs
}
