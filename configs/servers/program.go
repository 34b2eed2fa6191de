package servers

import (
	"os/exec"
	"path/filepath"
)

// program is the path of an installed program. Debian keeps servers in /usr/sbin, which is not in the
// PATH of everybody. One that is nowhere keeps its name, so that starting it says so.
func program(name string) string {
	for _, candidate := range []string{name, filepath.Join("/usr/sbin", name)} {
		if path, err := exec.LookPath(candidate); err == nil {
			return path
		}
	}
	return name
}
