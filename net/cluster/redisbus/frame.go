package redisbus

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"sync"

	"chatserver/net/cluster"
)

// What may be wrong with a frame; Ear.Missed is told.
var (
	// ErrVersion says that a frame is of another version of this program.
	ErrVersion = errors.New("a batch of a version that this node cannot read: let all nodes run the same release")
	// ErrSeal says that a frame was not made for this node with this cluster's key.
	ErrSeal = errors.New("a batch that was not sealed for this node with its cluster key: give all nodes the same cluster-key-file, and keep others out of Redis")
	// ErrBroken says that a frame is no batch.
	ErrBroken = errors.New("a batch that cannot be read")
)

// A frame is what a node is sent: the version, how it is sealed, the seal, the batch. The seal is the
// first half of an HMAC-SHA256 by the cluster's key over the receiver's id and all of the frame but
// itself, so who can write to Redis and lacks the key can neither forge a batch nor pass one node's on
// to another. One that is sent twice to the node that it was made for is told by its number.
const (
	version  = 2
	unsealed = 0
	sealed   = 1
	header   = 2
	sealSize = 16
)

// sealer makes and checks seals with one key.
type sealer struct {
	mu  sync.Mutex
	mac hash.Hash // nil: there is no key, and no seal
	buf []byte    // a frame being checked
	sum []byte
}

func newSealer(key []byte) *sealer {
	if len(key) == 0 {
		return &sealer{}
	}
	return &sealer{mac: hmac.New(sha256.New, key)}
}

// pack makes the frame that takes a batch to a node.
func (s *sealer) pack(to cluster.NodeID, batch cluster.Batch) ([]byte, error) {
	frame := append(make([]byte, 0, sizeOf(batch)), version, unsealed)
	if s.mac != nil {
		frame[1] = sealed
		frame = append(frame, make([]byte, sealSize)...)
	}
	frame, err := appendBatch(frame, batch)
	if err == nil && s.mac != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		copy(frame[header:], s.seal(to, frame))
	}
	return frame, err
}

// unpack reads a frame that came for the node self.
func (s *sealer) unpack(self cluster.NodeID, frame string) (cluster.Batch, error) {
	switch {
	case len(frame) < header:
		return cluster.Batch{}, fmt.Errorf("%w: it has %d bytes", ErrBroken, len(frame))
	case frame[0] != version:
		return cluster.Batch{}, fmt.Errorf("%w: it is %d, this node has %d", ErrVersion, frame[0], version)
	case s.mac == nil && frame[1] == unsealed:
		return decodeBatch(frame[header:])
	case s.mac == nil || frame[1] != sealed || !s.genuine(self, frame):
		return cluster.Batch{}, ErrSeal
	}
	return decodeBatch(frame[header+sealSize:])
}

func (s *sealer) genuine(self cluster.NodeID, frame string) bool {
	if len(frame) < header+sealSize {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.buf = append(s.buf[:0], frame...)
	return hmac.Equal(s.buf[header:header+sealSize], s.seal(self, s.buf))
}

// seal is that of a frame, whose own seal it does not look at. The caller holds mu, also while it
// uses what is returned.
func (s *sealer) seal(to cluster.NodeID, frame []byte) []byte {
	s.mac.Reset()
	s.sum = appendText(s.sum[:0], to)
	s.sum = append(s.sum, frame[:header]...)
	s.mac.Write(s.sum)
	s.mac.Write(frame[header+sealSize:])
	s.sum = s.mac.Sum(s.sum[:0])
	return s.sum[:sealSize]
}
