package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"chatserver/configs/servers"
)

// What the nodes' store is called, who they are there, and the file of their password.
const (
	database     = "chatserver"
	user         = "chatserver"
	passwordFile = "mariadb.password"
)

// startStore starts MariaDB and returns the URL of the nodes' database.
func (c cluster) startStore(ctx context.Context) (url string, err error) {
	opts := []servers.Option{servers.OnPort(c.base + mariadbPort), servers.Detached()}
	if c.full {
		opts = append(opts, servers.FullSize())
	}
	db, err := servers.StartMariaDB(ctx, c.part("mariadb"), opts...)
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(c.part(passwordFile)); errors.Is(err, fs.ErrNotExist) {
		err = c.found(ctx, db)
		if err != nil {
			return "", err
		}
	} else if err != nil {
		return "", err
	}
	return fmt.Sprintf("mysql://%s@%s/%s", user, db.Addr(), database), nil
}

// found makes the database and its user, with a password that only who may read the folder knows. Then root,
// who has none, may come in through the socket only, which is in that folder. The file is written before the
// last step: without root there is no second try.
func (c cluster) found(ctx context.Context, db *servers.MariaDB) error {
	password := rand.Text()
	if err := db.CreateDatabase(ctx, database); err != nil {
		return err
	}
	_, err := db.Query(ctx, fmt.Sprintf("CREATE OR REPLACE USER %s@127.0.0.1 IDENTIFIED BY '%s'; GRANT ALL ON %s.* TO %s@127.0.0.1",
		user, password, database, user))
	if err != nil {
		return err
	}
	if err := os.WriteFile(c.part(passwordFile), []byte(password+"\n"), 0o600); err != nil {
		return err
	}
	_, err = db.Query(ctx, "DROP USER IF EXISTS root@127.0.0.1")
	return err
}
