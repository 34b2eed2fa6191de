package servers

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// Authority is a certificate authority of a test and the one certificate that it signed, for 127.0.0.1 and localhost.
type Authority struct{ dir string }

// File is the authority's own certificate, in PEM: who trusts it trusts the server.
func (a *Authority) File() string { return filepath.Join(a.dir, "ca.pem") }

// Certificate is the server's, in PEM.
func (a *Authority) Certificate() string { return filepath.Join(a.dir, "cert.pem") }

// Key is the private key of the server's certificate, in PEM.
func (a *Authority) Key() string { return filepath.Join(a.dir, "key.pem") }

// lifetime of the certificates: longer than any cluster on one machine.
const lifetime = 10 * 365 * 24 * time.Hour

// NewAuthority makes an authority, a certificate and its key, and writes them to dir.
func NewAuthority(dir string) (*Authority, error) {
	a := &Authority{dir}
	now := time.Now()
	root := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "chatserver authority"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(lifetime),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "chatserver"},
		NotBefore: root.NotBefore, NotAfter: root.NotAfter,
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, DNSNames: []string{"localhost"},
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	rootKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	return a, errors.Join(
		a.sign(a.File(), root, root, rootKey.Public(), rootKey),
		a.sign(a.Certificate(), leaf, root, key.Public(), rootKey),
		writePEM(a.Key(), "PRIVATE KEY", private))
}

// sign writes the certificate of a public key to file, signed by the issuer's private one.
func (a *Authority) sign(file string, cert, issuer *x509.Certificate, key crypto.PublicKey, by crypto.Signer) error {
	der, err := x509.CreateCertificate(rand.Reader, cert, issuer, key, by)
	if err != nil {
		return err
	}
	return writePEM(file, "CERTIFICATE", der)
}

func writePEM(file, kind string, der []byte) error {
	return os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600)
}
