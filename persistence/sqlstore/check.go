package sqlstore

import (
	"context"
	"errors"
	"fmt"
)

// Finding is what Check found.
type Finding struct {
	Where   string // the store is or will be: an absolute path
	Missing bool   // nothing is there yet; the schemas are 0
	Have    int64  // version of the schema that is there, 0 for none
	Want    int64  // this build's
}

// String says in a clause what is there and what a node will do about it.
func (f Finding) String() string {
	switch {
	case f.Missing:
		return f.Where + " is not there yet and will be created"
	case f.Have < f.Want:
		return fmt.Sprintf("%s has schema %d, which the node will migrate to %d", f.Where, f.Have, f.Want)
	case f.Have > f.Want:
		return fmt.Sprintf("%s has schema %d, one newer than this node's, which it serves", f.Where, f.Have)
	}
	return fmt.Sprintf("%s has schema %d, which is this node's", f.Where, f.Have)
}

// Check says what Open would find at url, also while a node runs on it. It creates, migrates and
// locks nothing. It fails where Open would for want of a right, of a database or of a schema that
// this build serves. Whether the disk has space and whether a node runs it does not say.
func Check(ctx context.Context, url string, opts Options) (Finding, error) {
	d, address, err := engine(url)
	if err != nil {
		return Finding{}, err
	}
	found, err := check(ctx, d, address, opts)
	if err != nil {
		return found, fmt.Errorf("check store: %w", err)
	}
	return found, nil
}

func check(ctx context.Context, d dialect, address string, opts Options) (Finding, error) {
	db, where, err := d.look(ctx, address, opts.complete())
	found := Finding{Where: where, Missing: db == nil}
	if err != nil || found.Missing {
		return found, err
	}
	p, err := migrator(db, d)
	if err == nil {
		found.Have, found.Want, err = versions(ctx, db, d, p)
	}
	if err = errors.Join(err, db.Close()); err != nil {
		return found, fmt.Errorf("%s: %w", where, err)
	}
	return found, nil
}
