//go:build !linux

package servers

import "syscall"

// attributes are of a process that a Ctrl-C at the terminal does not reach. Only Linux ends it with
// the one that started it.
func attributes(stays bool, _ syscall.Signal) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}
