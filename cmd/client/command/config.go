package command

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v4"

	"chatserver/cmd/client/home"
)

// settings is what a person may write into client.yaml. Flags win.
type settings struct {
	Addr    []string `yaml:"addr"`
	Account string   `yaml:"account"`
}

// configure adds client.yaml, where there is one, to what the command line said.
func (a *app) configure(flags *pflag.FlagSet) error {
	folder, err := home.ConfigFolder()
	if err != nil {
		return err
	}
	path := filepath.Join(folder, "client.yaml")
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return fail(misused, "%w", err)
	}
	var s settings
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&s); err != nil && err != io.EOF {
		return fail(misused, "%s: %w; its keys are addr, a list of HOST:PORT, and account", path, err)
	}
	if len(s.Addr) > 0 && !flags.Changed("addr") {
		a.addrs = s.Addr
	}
	if s.Account != "" && !flags.Changed("account") {
		a.account = s.Account
	}
	return nil
}
