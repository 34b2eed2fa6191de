package sqlstore

import (
	"context"
	"database/sql"
	"strings"
)

// trip is statements of which none needs what another one returns. On a server those that fit into one
// packet make one way there and back, which is what a small batch takes most of its time for.
type trip struct{ steps []step }

// step is a bulk with the arguments of all its rows, one row after the other, and what reads the results.
type step struct {
	bulk *bulk
	args []any
	scan scan
}

func (t *trip) add(b *bulk, args []any, scan scan) {
	if len(args) > 0 {
		t.steps = append(t.steps, step{b, args, scan})
	}
}

// run runs the statements in their order.
func (t *trip) run(ctx context.Context, tx *sql.Tx) error {
	var p packet
	for _, s := range t.steps {
		if s.bulk.one != nil {
			if err := s.bulk.runPrepared(ctx, tx, s.args, s.scan); err != nil {
				return err
			}
			continue
		}
		for args := s.args; len(args) > 0; {
			rows, bytes := s.bulk.fit(args)
			text, err := s.bulk.text(rows)
			if err != nil {
				return err
			}
			if p.bytes+bytes > maxStatement {
				if err := p.send(ctx, tx); err != nil {
					return err
				}
			}
			p.add(text, args[:rows*s.bulk.arity], s.scan, bytes)
			args = args[rows*s.bulk.arity:]
		}
	}
	return p.send(ctx, tx)
}

// packet is statements that are sent together.
type packet struct {
	texts []string
	args  []any
	scans []scan // of those that have results, in their order
	bytes int    // of values
}

func (p *packet) add(text string, args []any, scan scan, bytes int) {
	p.texts, p.args, p.bytes = append(p.texts, text), append(p.args, args...), p.bytes+bytes
	if scan != nil {
		p.scans = append(p.scans, scan)
	}
}

// send runs what was added and leaves the packet empty. The first statement that fails is the last to run.
func (p *packet) send(ctx context.Context, tx *sql.Tx) error {
	if len(p.texts) == 0 {
		return nil
	}
	rows, err := tx.QueryContext(ctx, strings.Join(p.texts, ";"), p.args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for _, scan := range p.scans {
		for rows.Next() {
			if err := scan(rows); err != nil {
				return err
			}
		}
		rows.NextResultSet()
	}
	*p = packet{}
	return rows.Err()
}
