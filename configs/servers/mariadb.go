package servers

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"chatserver/configs"
)

// MariaDB is a MariaDB server with the user root, who has no password and may do everything.
type MariaDB struct {
	*Server
	sizes []string
}

// small is what differs from the deployed configuration: sizes for a machine with other work to do.
var small = []string{
	"--innodb-log-file-size=64M", "--innodb-buffer-pool-size=128M", "--loose-innodb-buffer-pool-chunk-size=16M",
	"--innodb-log-buffer-size=8M", "--loose-performance-schema=OFF",
}

// StartMariaDB starts a server whose data is in dir, where a former one may have left it, and returns once it answers.
func StartMariaDB(ctx context.Context, dir string, opts ...Option) (*MariaDB, error) {
	o := decide(opts)
	db := &MariaDB{Server: &Server{name: "MariaDB", dir: dir, last: syscall.SIGKILL}, sizes: small}
	if o.full {
		db.sizes = nil
	}
	db.command, db.asks = db.run, db.greets
	if err := errors.Join(db.open(o), db.prepare(ctx)); err != nil {
		return nil, fmt.Errorf("prepare MariaDB: %w", err)
	}
	return db, db.first(ctx)
}

// prepare puts the configuration and, where there is none yet, an empty data folder in place.
func (db *MariaDB) prepare(ctx context.Context) error {
	if err := os.WriteFile(db.config(), []byte(configs.MySQL), 0o644); err != nil {
		return err
	}
	if _, err := os.Stat(db.data()); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return emptyData(ctx, db.data())
}

func (db *MariaDB) config() string { return filepath.Join(db.dir, "mysql.cnf") }
func (db *MariaDB) data() string   { return filepath.Join(db.dir, "data") }

// Socket is the server's Unix socket. The path of a socket may have 107 bytes; in a deep folder connect to Addr.
func (db *MariaDB) Socket() string { return filepath.Join(db.data(), socket) }

// socket is in the data folder, which is the server's working folder: so its path is never too long for the server.
const socket = "mariadb.sock"

func (db *MariaDB) run() (*exec.Cmd, error) {
	args := []string{
		"--defaults-file=" + db.config(), "--datadir=" + db.data(), "--tmpdir=" + db.data(), // a server that starts clears it
		"--socket=" + socket, "--pid-file=mariadb.pid",
		"--bind-address=127.0.0.1", "--port=" + strconv.Itoa(db.port),
	}
	return exec.Command(program("mariadbd"), append(append(args, asUser()...), db.sizes...)...), nil
}

// asUser lets the server run as who starts it: as root it insists on being told.
func asUser() []string {
	if os.Getuid() == 0 {
		return []string{"--user=root"}
	}
	return nil
}

// greets reads the server's greeting: the first packet, three bytes of length, its number, and the
// version of the protocol, 10, or 255 where it is an error.
func (db *MariaDB) greets(ctx context.Context) error {
	var dialer net.Dialer
	c, err := dialer.DialContext(ctx, "tcp", db.Addr())
	if err != nil {
		return err
	}
	defer c.Close()
	if deadline, ok := ctx.Deadline(); ok {
		if err := c.SetDeadline(deadline); err != nil {
			return err
		}
	}
	var head [5]byte
	if _, err := io.ReadFull(c, head[:]); err != nil {
		return err
	}
	if head[4] != 10 {
		return fmt.Errorf("it greets with %v, not with version 10 of the protocol", head)
	}
	return nil
}

// URL is what a node's --store takes for the database of that name.
func (db *MariaDB) URL(database string) string { return "mysql://root@" + db.Addr() + "/" + database }

// CreateDatabase makes an empty database, if there is none of that name yet.
func (db *MariaDB) CreateDatabase(ctx context.Context, name string) error {
	_, err := db.Query(ctx, "CREATE DATABASE IF NOT EXISTS `"+strings.ReplaceAll(name, "`", "``")+"`")
	return err
}

// Query runs SQL as root and returns what it answers: a line for each row, a tab between columns.
func (db *MariaDB) Query(ctx context.Context, sql string) (string, error) {
	client := exec.CommandContext(ctx, program("mariadb"), "--no-defaults", "--batch", "--skip-column-names",
		"--protocol=tcp", "--host=127.0.0.1", "--port="+strconv.Itoa(db.port), "--user=root", "--execute="+sql)
	out, err := client.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("run %q: %w: %s", sql, err, bytes.TrimSpace(out))
	}
	return strings.TrimSpace(string(out)), nil
}
