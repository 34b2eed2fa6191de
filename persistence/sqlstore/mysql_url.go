package sqlstore

import (
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"

	"github.com/go-sql-driver/mysql"
)

const mysqlForm = "mysql://USER@HOST:PORT/DATABASE?tls=true, or mysql://USER@/DATABASE?socket=PATH"

// Redacted is a store's URL without its password, fit for logs.
func Redacted(address string) string {
	scheme, rest, _ := strings.Cut(address, ":")
	if scheme != "mysql" {
		if strings.Contains(rest, "@") {
			return scheme + ":…"
		}
		return address
	}
	u, err := url.Parse(address)
	if err != nil || u.Opaque != "" {
		return "mysql:…"
	}
	if u.User != nil {
		u.User = url.User(u.User.Username())
	}
	return u.String()
}

// mysqlTarget reads what stands behind "mysql:". No error repeats what might be a password.
func mysqlTarget(address string, opts Options) (cfg *mysql.Config, where string, err error) {
	where = Redacted("mysql:" + address)
	u, err := url.Parse("mysql:" + address)
	if err != nil || u.Opaque != "" || u.Fragment != "" {
		return nil, where, fmt.Errorf("the store's URL cannot be read: write %s, with %%XX for what is special in a URL", mysqlForm)
	}
	cfg = mysql.NewConfig()
	cfg.DBName = strings.TrimPrefix(u.Path, "/")
	if cfg.DBName == "" || strings.Contains(cfg.DBName, "/") || u.User.Username() == "" {
		return nil, where, fmt.Errorf("%s names no user or no database: write %s", where, mysqlForm)
	}
	cfg.User = u.User.Username()
	if err := mysqlSecret(cfg, u, opts); err != nil {
		return nil, where, err
	}
	if err := mysqlPlace(cfg, u, where); err != nil {
		return nil, where, err
	}
	cfg.TLS, cfg.AllowFallbackToPlaintext, err = mysqlTLS(u.Query().Get("tls"), u.Hostname(), opts.CAFile)
	return cfg, where, err
}

func mysqlSecret(cfg *mysql.Config, u *url.URL, opts Options) (err error) {
	password, in := u.User.Password()
	if in && opts.PasswordFile != "" {
		return errors.New("the store's password stands in its URL and in a file: leave one of them out")
	}
	cfg.Passwd = password
	if opts.PasswordFile != "" {
		text, err := os.ReadFile(opts.PasswordFile)
		if err != nil {
			return fmt.Errorf("read the store's password: %w", err)
		}
		cfg.Passwd = strings.TrimRight(string(text), "\r\n")
	}
	return nil
}

// mysqlPlace is the server's address, and refuses what it does not know of the URL's options.
func mysqlPlace(cfg *mysql.Config, u *url.URL, where string) error {
	for option := range u.Query() {
		if option != "tls" && option != "socket" {
			return fmt.Errorf("%s: there is no option %q: write %s", where, option, mysqlForm)
		}
	}
	if socket := u.Query().Get("socket"); socket != "" {
		if u.Host != "" {
			return fmt.Errorf("%s names a host and a socket: leave one of them out", where)
		}
		cfg.Net, cfg.Addr = "unix", socket
		return nil
	}
	if u.Hostname() == "" {
		return fmt.Errorf("%s names no host: write %s", where, mysqlForm)
	}
	cfg.Net, cfg.Addr = "tcp", net.JoinHostPort(u.Hostname(), cmp.Or(u.Port(), "3306"))
	return nil
}

// mysqlTLS is what the option tls means. caFile has the certificates that sign the server's; empty:
// the system's do.
func mysqlTLS(mode, host, caFile string) (config *tls.Config, plain bool, err error) {
	config = &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}
	switch mode {
	case "", "false":
		if caFile != "" {
			return nil, false, errors.New("the store's URL asks for no TLS, so a file of certificates is of no use: add ?tls=true to it")
		}
		return nil, false, nil
	case "true":
	case "skip-verify":
		config.InsecureSkipVerify = true
	case "preferred":
		config.InsecureSkipVerify, plain = true, true
	default:
		return nil, false, fmt.Errorf("the store's URL has tls=%s: write true, skip-verify, preferred or false", mode)
	}
	if caFile == "" {
		return config, plain, nil
	}
	text, err := os.ReadFile(caFile)
	if err != nil {
		return nil, false, fmt.Errorf("read the certificates of the store's server: %w", err)
	}
	config.RootCAs = x509.NewCertPool()
	if !config.RootCAs.AppendCertsFromPEM(text) {
		return nil, false, fmt.Errorf("%s has no certificate in PEM", caFile)
	}
	return config, plain, nil
}
