package client

import (
	"context"
	"fmt"

	"chatserver/net/wire"
)

// Register makes an account at the first of addrs that can be reached, and returns its id. It
// fails with a *wire.Fault where the account is refused, and with ErrUnknown where the connection
// broke: the name may be taken then, by this.
func Register(ctx context.Context, addrs []string, name, password string) (id int64, err error) {
	conn, err := DialAny(ctx, DialTCP, addrs, wire.V2)
	if err != nil {
		return 0, fmt.Errorf("no server can be reached: %w", err)
	}
	defer conn.Close()
	reply, err := conn.Ask(ctx, wire.Reg{V: wire.V2, Name: name, Password: password})
	if err != nil {
		return 0, err
	}
	ack, ok := reply.(wire.RegAck)
	if !ok {
		return 0, strange(wire.RegID, reply)
	}
	return ack.ID, nil
}
