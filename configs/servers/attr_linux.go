package servers

import "syscall"

// attributes are of a process that a Ctrl-C at the terminal does not reach. If it does not stay, it is
// sent last when the thread that started it ends; Go's threads end with the process.
func attributes(stays bool, last syscall.Signal) *syscall.SysProcAttr {
	if stays {
		return &syscall.SysProcAttr{Setsid: true}
	}
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: last}
}
