package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	sq "github.com/Masterminds/squirrel"
	"github.com/go-sql-driver/mysql"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// mySQL is the dialect of MySQL 8, MariaDB and TiDB.
func mySQL() dialect {
	return dialect{
		goose:  goose.DialectMySQL,
		locker: mysqlLocker,
		valid:  func(address string, opts Options) error { _, _, err := mysqlTarget(address, opts); return err },
		open:   openMySQL,
		look:   lookMySQL,
		tables: func(name string) sq.SelectBuilder {
			return sq.Select("COUNT(*)").From("information_schema.tables").Where("table_schema = DATABASE()").Where(sq.Eq{"table_name": name})
		},
		now:       "TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(3)) DIV 1000",
		lock:      "FOR UPDATE",
		addHead:   "ON DUPLICATE KEY UPDATE head = head + VALUES(head)",
		rows:      mysqlRows,
		duplicate: mysqlDup,
		again:     mysqlAgain,
		held:      mysqlHeld,
		lost:      mysqlLost,
		bad:       mysqlBad,
	}
}

// LockWait is how long a transaction waits for a row that another one locked, with MySQL.
const LockWait = 2 * time.Second

const (
	mysqlRows = 256 // texts of more rows are no faster, and each number of rows has one

	// Seconds after which the server drops a writing connection that says nothing, and frees the rows
	// that it had locked: that of a node which was stopped in the middle of a transaction.
	mysqlSilence = 5
	// mysqlIdle is when an idle writing connection is closed here, before the server does so.
	mysqlIdle = 3 * time.Second
	// mysqlReaderIdle is below what firewalls and proxies forget a silent connection after.
	mysqlReaderIdle = time.Minute
	// mysqlLifetime lets connections move to another server behind the same name.
	mysqlLifetime = 5 * time.Minute
)

// mysqlLocker keeps ten nodes that start at once from migrating all together. The one that does holds
// a row which it renews; of one that died in the middle the others take over after 30 s.
func mysqlLocker() (goose.ProviderOption, error) {
	locker, err := lock.NewMySQLTableLocker(
		lock.WithTableLockTimeout(200*time.Millisecond, 5*60*5), // five minutes
		lock.WithTableLogger(slog.New(slog.DiscardHandler)))
	return goose.WithLocker(locker), err
}

func openMySQL(ctx context.Context, address string, opts Options) (pools, error) {
	cfg, where, err := mysqlTarget(address, opts)
	if err != nil {
		return pools{}, err
	}
	cfg = mysqlDefaults(cfg, opts)
	server, err := mysqlAsk(ctx, cfg, opts)
	if err == nil {
		err = server.promises(opts)
	}
	if err != nil {
		return pools{}, fmt.Errorf("%s: %w", where, err)
	}
	writes := server.settings("READ-COMMITTED")
	writes["wait_timeout"], writes["net_read_timeout"] = fmt.Sprint(mysqlSilence), fmt.Sprint(mysqlSilence)
	reads := server.settings("REPEATABLE-READ") // of which each transaction is of one moment
	if server.galera() {
		reads["wsrep_sync_wait"] = "1" // what was committed on another server is read on this one
	}
	half := max(opts.Connections/2, 1)
	var p pools
	p.release = func() error { return nil }
	writer := cfg.Clone()
	writer.MultiStatements = true // see trip
	p.migrator = mysqlPool(resuming{mysqlConnector(cfg, server.settings("READ-COMMITTED"), 0)}, 2, mysqlReaderIdle)
	p.writer = mysqlPool(mysqlConnector(writer, writes, opts.Timeout), half, mysqlIdle)
	p.reader = mysqlPool(mysqlConnector(cfg, reads, opts.Timeout), half, mysqlReaderIdle)
	return p, nil
}

// lookMySQL is dialect.look. It finds what openMySQL would, but not whether the user may write.
func lookMySQL(ctx context.Context, address string, opts Options) (*sql.DB, string, error) {
	cfg, where, err := mysqlTarget(address, opts)
	if err != nil {
		return nil, where, err
	}
	cfg = mysqlDefaults(cfg, opts)
	server, err := mysqlAsk(ctx, cfg, opts)
	if err == nil {
		err = server.promises(opts)
	}
	if err != nil {
		return nil, where, fmt.Errorf("%s: %w", where, err)
	}
	return mysqlPool(mysqlConnector(cfg, server.settings("READ-COMMITTED"), opts.Timeout), 1, mysqlIdle), where, nil
}

func mysqlDefaults(cfg *mysql.Config, opts Options) *mysql.Config {
	cfg.Timeout, cfg.ReadTimeout, cfg.WriteTimeout = opts.Timeout, opts.Timeout, opts.Timeout
	cfg.Logger = driverLog{opts.Log}
	cfg.ClientFoundRows = true   // rows that a statement matches count, whether or not it changes them
	cfg.InterpolateParams = true // a statement is one round trip, not two
	cfg.ParseTime = true         // for the lock of the migrations
	return cfg
}

// driverLog is for what the driver says beside the errors that it returns.
type driverLog struct{ log *slog.Logger }

func (l driverLog) Print(v ...any) {
	l.log.Debug("the store's driver speaks", "text", fmt.Sprint(v...))
}

// mysqlConnector makes connections with these session variables. timeout is for every answer, 0 for none.
func mysqlConnector(base *mysql.Config, settings map[string]string, timeout time.Duration) driver.Connector {
	cfg := base.Clone()
	cfg.Params, cfg.ReadTimeout, cfg.WriteTimeout = settings, timeout, timeout
	connector, err := mysql.NewConnector(cfg)
	if err != nil {
		panic(err) // one was made from it to ask the server
	}
	return connector
}

// mysqlPool is up to conns connections, which are closed when they were idle for so long.
func mysqlPool(connector driver.Connector, conns int, idle time.Duration) *sql.DB {
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	db.SetConnMaxIdleTime(idle)
	db.SetConnMaxLifetime(mysqlLifetime)
	return db
}

// mysqlServer are those of a server's variables that matter here. A server has not all of them.
type mysqlServer map[string]string

var mysqlAsked = []string{
	"transaction_isolation", "tx_isolation", "innodb_flush_log_at_trx_commit", "log_bin", "sync_binlog", "wsrep_on",
}

// mysqlAsk connects once and reads the variables.
func mysqlAsk(ctx context.Context, cfg *mysql.Config, opts Options) (server mysqlServer, err error) {
	ctx, cancel := context.WithTimeout(ctx, opts.Timeout)
	defer cancel()
	connector, err := mysql.NewConnector(cfg)
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(connector)
	defer func() { err = errors.Join(err, db.Close()) }()
	rows, err := db.QueryContext(ctx, "SHOW VARIABLES WHERE Variable_name IN ('"+strings.Join(mysqlAsked, "', '")+"')")
	if mysqlIs(err, mysqlNoDatabase) {
		return nil, fmt.Errorf("there is no database %s: run CREATE DATABASE `%[1]s` CHARACTER SET utf8mb4 on the server", cfg.DBName)
	}
	if errors.Is(err, mysql.ErrInvalidConn) || errors.Is(err, context.DeadlineExceeded) {
		return nil, fmt.Errorf("the server did not answer within %v: %w", opts.Timeout, err)
	}
	if err != nil {
		return nil, err
	}
	server = make(mysqlServer)
	err = each(rows, func(row sq.RowScanner) error {
		var name, value string
		err := row.Scan(&name, &value)
		server[strings.ToLower(name)] = value
		return err
	})
	return server, err
}

// settings are the session variables of a connection, as SQL.
func (s mysqlServer) settings(isolation string) map[string]string {
	variable := "transaction_isolation"
	if _, ok := s[variable]; !ok {
		variable = "tx_isolation" // MariaDB before 11.1
	}
	return map[string]string{
		variable:                   "'" + isolation + "'",
		"autocommit":               "1",
		"sql_mode":                 "'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'",
		"innodb_lock_wait_timeout": fmt.Sprint(int(LockWait / time.Second)),
		"default_storage_engine":   "InnoDB",
	}
}

func (s mysqlServer) galera() bool { return s["wsrep_on"] == "ON" }

// promises fails where a commit is not flushed, which a power cut takes back, unless that is wanted.
func (s mysqlServer) promises(opts Options) error {
	const flush = "innodb_flush_log_at_trx_commit"
	switch value := s[flush]; {
	case value == "1":
	case opts.Weak:
		opts.Log.Warn("the store does not flush each commit: a power cut takes messages back that were acknowledged", flush, value)
	default:
		return fmt.Errorf("%s is %q, so a power cut takes messages back that were acknowledged: set it to 1 on the server, or store.weak to true here", flush, value)
	}
	if s["log_bin"] == "ON" && s["sync_binlog"] != "1" {
		opts.Log.Warn("the store's server shows a commit to readers before it is safe: set sync_binlog to 1 there", "sync_binlog", s["sync_binlog"])
	}
	return nil
}
