package servers

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestNothingIsInstalledWhereAllIsThere(t *testing.T) {
	if err := Install(t.Context(), os.Stderr, Packages()...); err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	for _, name := range []string{"apt-get", "sudo"} {
		put(t, filepath.Join(bin, name), "#!/bin/sh\nexit 1\n", 0o755)
	}
	t.Setenv("PATH", bin+":"+os.Getenv("PATH"))

	if err := Install(t.Context(), os.Stderr, Packages()...); err != nil {
		t.Error(err)
	}
}

func TestWhereThereIsNoAptItSaysWhatToInstall(t *testing.T) {
	t.Setenv("PATH", t.TempDir())

	err := install(t.Context(), os.Stderr, []string{"redis-server", "nginx"})

	if err == nil || !strings.Contains(err.Error(), "redis-server nginx") {
		t.Errorf("it says %v", err)
	}
}

// fakeApt notes how it was called and what the policy for services says, and fails if it is told to.
const fakeApt = `#!/bin/sh
echo "apt-get $*"
sh "$POLICY" || echo "services are forbidden: $?"
exit ${APT_FAILS:-0}
`

func TestServicesAreForbiddenToStartOnlyDuringTheInstallation(t *testing.T) {
	for _, c := range []struct {
		name, fails string
		before      map[string]string // files beside the policy, by what is added to its name
		after       string            // the policy
	}{
		{name: "no policy"},
		{name: "apt fails", fails: "100"},
		{name: "a policy of the machine", before: map[string]string{"": "exit 42\n"}, after: "exit 42\n"},
		{name: "a policy of the machine, apt fails", fails: "100", before: map[string]string{"": "exit 42\n"}, after: "exit 42\n"},
		{name: "a former run was killed", before: map[string]string{"": "#!/bin/sh\nexit 101\n", ".kept": "exit 42\n"}, after: "exit 42\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			policy := filepath.Join(t.TempDir(), "policy-rc.d")
			for suffix, text := range c.before {
				put(t, policy+suffix, text, 0o755)
			}
			if c.fails != "" {
				t.Setenv("APT_FAILS", c.fails)
			}

			out, err := runScript(t.Context(), t.TempDir(), policy, "redis-server", "nginx")

			if (err != nil) != (c.fails != "") {
				t.Errorf("it ends with %v:\n%s", err, out)
			}
			if !strings.Contains(out, "services are forbidden: 101") || c.fails == "" && !strings.Contains(out, "--no-install-recommends redis-server nginx") {
				t.Errorf("it did:\n%s", out)
			}
			if after, _ := os.ReadFile(policy); string(after) != c.after {
				t.Errorf("afterwards the policy is %q, not %q", after, c.after)
			}
			if left, _ := filepath.Glob(policy + "?*"); len(left) > 0 {
				t.Errorf("it leaves %v", left)
			}
		})
	}
}

// runScript runs install.sh with an apt-get in bin that installs nothing.
func runScript(ctx context.Context, bin, policy string, packages ...string) (string, error) {
	if err := os.WriteFile(filepath.Join(bin, "apt-get"), []byte(fakeApt), 0o755); err != nil {
		return "", err
	}
	cmd := exec.CommandContext(ctx, "sh", append([]string{"-c", script, "install"}, packages...)...)
	cmd.Env = append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"), "POLICY="+policy)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	return out.String(), err
}

func put(t *testing.T, file, text string, mode os.FileMode) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}
