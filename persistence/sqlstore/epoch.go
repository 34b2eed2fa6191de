package sqlstore

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"

	sq "github.com/Masterminds/squirrel"

	"chatserver/persistence"
)

// Epoch reads one row.
func (s *Store) Epoch(ctx context.Context) (name string, err error) {
	err = first(ctx, s.reader, sq.Select("name").From("epoch"), &name)
	return name, failed(ctx, err, "epoch")
}

// name gives the store an epoch where it has none.
func (s *Store) name(ctx context.Context) error {
	err := s.write(ctx, func(tx *sql.Tx) error {
		there, err := exists(ctx, tx, sq.Select("id").From("epoch"))
		if err != nil || there {
			return err
		}
		return s.create(ctx, tx, sq.Insert("epoch").Columns("id", "name").Values(1, []byte(rand.Text())))
	})
	if errors.Is(err, persistence.ErrExists) {
		return nil // by another node that starts now
	}
	return err
}

// Restored gives the store at url, which was put back from a backup, a new epoch. It fails where a
// store cannot be opened: there is none, or a node runs on it.
func Restored(ctx context.Context, url string, opts Options) error {
	found, err := Check(ctx, url, opts)
	if err != nil {
		return err
	}
	if found.Missing {
		return fmt.Errorf("there is no store at %s: put the backup back first", found.Where)
	}
	s, err := Open(ctx, url, opts)
	if err != nil {
		return err
	}
	_, err = sq.Update("epoch").Set("name", []byte(rand.Text())).RunWith(s.writer).ExecContext(ctx)
	return errors.Join(failed(ctx, err, "renew the epoch"), s.Close())
}
