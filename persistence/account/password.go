package account

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// Cost is what hashing one password takes. The cost of new hashes may be changed at any time.
type Cost struct {
	Memory  uint32 // KiB
	Time    uint32 // passes over the memory
	Threads uint8
}

// DefaultCost is OWASP's recommendation: 19 MiB, about 32 ms of one core.
var DefaultCost = Cost{Memory: 19456, Time: 2, Threads: 1}

// The most that a cost may be, so that a damaged hash cannot take all memory or time.
const (
	maxMemory  = 256 << 10 // KiB
	maxTime    = 16
	maxThreads = 16
)

const (
	saltBytes = 16
	hashBytes = 32
)

// ParseCost reads "m=19456,t=2,p=1": KiB, passes, threads. The error says what is wrong.
func ParseCost(s string) (Cost, error) {
	var m, t, p uint32
	n, err := fmt.Sscanf(s, "m=%d,t=%d,p=%d", &m, &t, &p)
	if want := fmt.Sprintf("m=%d,t=%d,p=%d", m, t, p); err != nil || n != 3 || want != s {
		return Cost{}, fmt.Errorf("argon2 cost %q is not of the form m=19456,t=2,p=1", s)
	}
	switch {
	case p < 1 || p > maxThreads:
		return Cost{}, fmt.Errorf("argon2 cost %q: p is 1 to %d threads", s, maxThreads)
	case t < 1 || t > maxTime:
		return Cost{}, fmt.Errorf("argon2 cost %q: t is 1 to %d passes", s, maxTime)
	case m < 8*p || m > maxMemory:
		return Cost{}, fmt.Errorf("argon2 cost %q: m is %d (8 a thread) to %d KiB", s, 8*p, maxMemory)
	}
	return Cost{Memory: m, Time: t, Threads: uint8(p)}, nil
}

// String is the form that ParseCost reads.
func (c Cost) String() string {
	return fmt.Sprintf("m=%d,t=%d,p=%d", c.Memory, c.Time, c.Threads)
}

// Hash returns a new hash of the password in PHC form, with a random salt. It takes as long and
// as much memory as the cost says.
func (c Cost) Hash(password string) string {
	salt := make([]byte, saltBytes)
	rand.Read(salt) // never fails
	return fmt.Sprintf("$argon2id$v=%d$%v$%s$%s", argon2.Version, c,
		base64.RawStdEncoding.EncodeToString(salt),
		base64.RawStdEncoding.EncodeToString(c.key(password, salt, hashBytes)))
}

// Verify reports whether hash, of whatever cost, is of the password. One that cannot be read is
// of none.
func (Cost) Verify(hash, password string) bool {
	cost, salt, want, ok := parseHash(hash)
	return ok && subtle.ConstantTimeCompare(want, cost.key(password, salt, uint32(len(want)))) == 1
}

func (c Cost) key(password string, salt []byte, bytes uint32) []byte {
	return argon2.IDKey([]byte(password), salt, c.Time, c.Memory, c.Threads, bytes)
}

// parseHash reads "$argon2id$v=19$m=…,t=…,p=…$salt$hash".
func parseHash(s string) (cost Cost, salt, hash []byte, ok bool) {
	parts := strings.Split(s, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return Cost{}, nil, nil, false
	}
	cost, costErr := ParseCost(parts[3])
	salt, saltErr := base64.RawStdEncoding.DecodeString(parts[4])
	hash, hashErr := base64.RawStdEncoding.DecodeString(parts[5])
	ok = costErr == nil && saltErr == nil && hashErr == nil &&
		len(salt) >= 8 && len(salt) <= 64 && len(hash) >= 16 && len(hash) <= 64
	return cost, salt, hash, ok
}
