package servers

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"path/filepath"
	"strconv"
	"syscall"
)

// Ports that are given out: no privileged one, none that Linux gives to outgoing connections.
const (
	firstPort = 10000
	lastPort  = 32767
)

// FreePort returns a port of 127.0.0.1 on which nobody listens. No other user of this package is given
// it until this process ends.
func FreePort() (int, error) {
	dir, err := cacheDir("ports")
	if err != nil {
		return 0, err
	}
	for range 1000 {
		port := firstPort + rand.IntN(lastPort-firstPort+1)
		got, err := reserve(filepath.Join(dir, strconv.Itoa(port)), port)
		if err != nil {
			return 0, fmt.Errorf("reserve port %d: %w", port, err)
		}
		if got {
			return port, nil
		}
	}
	return 0, errors.New("no free port on 127.0.0.1: 1000 tried")
}

// reserve locks file and says whether port is ours then. The descriptor that holds the lock is closed by
// the end of the process; an os.File would be closed by the garbage collector.
func reserve(file string, port int) (bool, error) {
	fd, err := syscall.Open(file, syscall.O_RDWR|syscall.O_CREAT|syscall.O_CLOEXEC, 0o600)
	if err != nil {
		return false, err
	}
	err = syscall.Flock(fd, syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil && silent(port) {
		return true, nil
	}
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = nil
	}
	return false, errors.Join(err, syscall.Close(fd))
}

// silent says whether nobody listens on port.
func silent(port int) bool {
	l, err := net.Listen("tcp", local(port))
	return err == nil && l.Close() == nil
}

func local(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }
