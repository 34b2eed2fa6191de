package sqlstore

import (
	"database/sql/driver"
	"errors"
	"io"
	"slices"
	"syscall"

	"github.com/go-sql-driver/mysql"
)

// The numbers of errors, of MySQL and MariaDB where nothing else is said.
const (
	mysqlTable        = 1050 // there is one of that name already, as are
	mysqlColumn       = 1060
	mysqlIndex        = 1061
	mysqlShutdown     = 1053
	mysqlDuplicate    = 1062
	mysqlNoDatabase   = 1049
	mysqlLockWait     = 1205
	mysqlDeadlock     = 1213 // Galera: at COMMIT too
	mysqlInterrupted  = 1317
	mysqlKilled       = 1927 // MariaDB
	mysqlAborted      = 4031 // MySQL: this connection was idle for too long
	tidbSelectChanged = 8002
	tidbWriteConflict = 8005
	tidbRollback      = 8022
	tidbSchemaChanged = 8028
	tidbConflict      = 9007
)

// mysqlIs says that err is one of a server's errors.
func mysqlIs(err error, numbers ...uint16) bool {
	var e *mysql.MySQLError
	return errors.As(err, &e) && slices.Contains(numbers, e.Number)
}

func mysqlDup(err error) bool { return mysqlIs(err, mysqlDuplicate) }

func mysqlHeld(err error) bool { return mysqlIs(err, mysqlLockWait) }

func mysqlAgain(err error) bool {
	return mysqlIs(err, mysqlDeadlock, tidbSelectChanged, tidbWriteConflict, tidbRollback, tidbSchemaChanged, tidbConflict)
}

// mysqlLost leaves out that no connection could be made.
func mysqlLost(err error) bool {
	for _, broken := range []error{driver.ErrBadConn, mysql.ErrInvalidConn, io.EOF, io.ErrUnexpectedEOF, syscall.ECONNRESET, syscall.EPIPE} {
		if errors.Is(err, broken) {
			return true
		}
	}
	return mysqlIs(err, mysqlShutdown, mysqlInterrupted, mysqlKilled, mysqlAborted)
}

// mysqlBad knows the data exceptions of SQL by their class.
func mysqlBad(err error) bool {
	var e *mysql.MySQLError
	return errors.As(err, &e) && string(e.SQLState[:2]) == "22"
}
