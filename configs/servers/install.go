package servers

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// signs say of each package of Debian, by a file or by a program on the PATH or in /usr/sbin, whether it is there.
var signs = map[string]string{
	"mariadb-server":      "mariadbd",
	"redis-server":        "redis-server",
	"nginx":               "nginx",
	"libnginx-mod-stream": streamModule,
}

// streamModule is where Debian keeps nginx's stream module; a program's name stands for what is built in.
const streamModule = "/usr/lib/nginx/modules/ngx_stream_module.so"

// Packages are all that this package starts, as Debian names them.
func Packages() []string {
	return []string{"mariadb-server", "redis-server", "nginx", "libnginx-mod-stream"}
}

// Install installs what is missing of these packages of Debian, as root or with sudo, and writes to log what
// it does. The services that come with them are not started. Where all is there it costs a look at each.
func Install(ctx context.Context, log io.Writer, packages ...string) error {
	if len(missing(packages)) == 0 {
		return nil
	}
	return alone(ctx, "install packages", func() error {
		lacking := missing(packages)
		if len(lacking) == 0 {
			return nil
		}
		return install(ctx, log, lacking)
	})
}

// missing are those of packages that are not installed.
func missing(packages []string) []string {
	return slices.DeleteFunc(slices.Clone(packages), func(name string) bool {
		sign := signs[name]
		if !filepath.IsAbs(sign) {
			sign = program(sign)
		}
		_, err := os.Stat(sign)
		return err == nil
	})
}

//go:embed install.sh
var script string

// install runs the script that installs packages.
func install(ctx context.Context, log io.Writer, packages []string) error {
	names := strings.Join(packages, " ")
	if _, err := exec.LookPath("apt-get"); err != nil {
		return fmt.Errorf("install by hand what Debian calls %s: there is no apt-get here", names)
	}
	args := append([]string{"sh", "-c", script, "install"}, packages...)
	if os.Getuid() != 0 {
		args = append([]string{"sudo"}, args...)
	}
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) } // it puts back what it changed
	cmd.WaitDelay = time.Minute
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("install %s by hand, with apt-get as root: %w", names, err)
	}
	if lacking := missing(packages); len(lacking) > 0 {
		return errors.New("apt-get installed " + names + ", and still there is no " + strings.Join(lacking, ", "))
	}
	return nil
}
