package sqlstore

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"log/slog"

	sq "github.com/Masterminds/squirrel"
	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the schema up to this build's. A schema one version newer is left as it is:
// migrations only add, so that nodes can be replaced one by one.
func migrate(ctx context.Context, db *sql.DB, d dialect, log *slog.Logger) error {
	p, err := migrator(db, d)
	if err != nil {
		return err
	}
	have, want, err := versions(ctx, db, d, p)
	if err != nil || have >= want {
		return err
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate from schema %d to %d: %w", have, want, err)
	}
	log.Info("schema migrated", "from", have, "to", want)
	return nil
}

// migrator has this build's migrations. To make it changes nothing.
func migrator(db *sql.DB, d dialect) (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	opts := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger())}
	if d.locker != nil {
		locker, err := d.locker()
		if err != nil {
			return nil, err
		}
		opts = append(opts, locker)
	}
	p, err := goose.NewProvider(d.goose, db, files, opts...)
	if err != nil {
		return nil, fmt.Errorf("read the migrations: %w", err)
	}
	return p, nil
}

// versions reads the version of the schema that is there, 0 for none, and says which one p leads
// to. It fails where a node of this build must not touch what is there.
func versions(ctx context.Context, db *sql.DB, d dialect, p *goose.Provider) (have, want int64, err error) {
	sources := p.ListSources()
	want = sources[len(sources)-1].Version
	have, err = version(ctx, db, d)
	if err != nil {
		return 0, want, fmt.Errorf("read the schema's version: %w", err)
	}
	if have > want+1 {
		err = fmt.Errorf("the database has schema %d and this node was built for %d; a node runs on a schema one newer, not more: start a newer node", have, want)
	}
	return have, want, err
}

// version is read without the migrator, which writes where its table is missing.
func version(ctx context.Context, db *sql.DB, d dialect) (version int64, err error) {
	var tables int
	if err := first(ctx, db, d.tables(goose.DefaultTablename), &tables); err != nil || tables == 0 {
		return 0, err
	}
	err = first(ctx, db, sq.Select("COALESCE(MAX(version_id), 0)").From(goose.DefaultTablename), &version)
	return version, err
}
