package client

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"chatserver/net/wire"
)

// The file's buckets. In self there is one entry, self too.
var (
	bucketSelf      = []byte("self")      // → JSON of selfRecord
	bucketPositions = []byte("positions") // conv as the wire has it → 8 bytes, big-endian
	bucketOutbox    = []byte("outbox")    // N in 8 bytes, big-endian → JSON of messageRecord
)

// selfRecord is what the file has of whom it belongs to.
type selfRecord struct {
	ID     int64
	Name   string
	Device string
	Token  string
	Epoch  string
}

// messageRecord is what the file has of a message in the outbox.
type messageRecord struct {
	Conv wire.Conv
	CID  string
	Text string
	At   int64 // Unix milliseconds
}

// file is a State in a bbolt file, which is locked while it is open.
type file struct{ db *bbolt.DB }

// OpenState opens the state in a file, for one process at a time: ErrInUse. The file is made with
// mode 0600 where there is none, and its folder with 0700.
func OpenState(path string) (State, error) {
	s, err := openFile(path)
	if err != nil {
		return nil, fmt.Errorf("open the state %s: %w", path, err)
	}
	return s, nil
}

func openFile(path string) (State, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: time.Nanosecond})
	switch {
	case errors.Is(err, bolterrors.ErrTimeout):
		return nil, ErrInUse
	case err != nil:
		return nil, err
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		for _, name := range [][]byte{bucketSelf, bucketPositions, bucketOutbox} {
			if _, err := tx.CreateBucketIfNotExists(name); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &file{db}, nil
}

func (f *file) Load() (Kept, error) {
	kept := Kept{Positions: map[wire.Conv]uint64{}}
	err := f.db.View(func(tx *bbolt.Tx) error {
		self, err := readSelf(tx)
		if err != nil {
			return err
		}
		kept.Identity = Identity{self.ID, self.Name, self.Device, self.Token}
		kept.Epoch = self.Epoch
		return errors.Join(
			tx.Bucket(bucketPositions).ForEach(func(k, v []byte) error {
				var conv wire.Conv
				if err := conv.UnmarshalText(k); err != nil {
					return err
				}
				kept.Positions[conv] = binary.BigEndian.Uint64(v)
				return nil
			}),
			tx.Bucket(bucketOutbox).ForEach(func(k, v []byte) error {
				var r messageRecord
				if err := json.Unmarshal(v, &r); err != nil {
					return err
				}
				q := Queued{binary.BigEndian.Uint64(k), Outgoing{r.Conv, r.CID, r.Text, time.UnixMilli(r.At)}}
				kept.Outbox = append(kept.Outbox, q)
				return nil
			}),
		)
	})
	return kept, err
}

func (f *file) Save(change Change) error {
	return f.db.Update(func(tx *bbolt.Tx) error {
		return errors.Join(
			saveSelf(tx, change),
			savePositions(tx, change),
			saveOutbox(tx.Bucket(bucketOutbox), change),
		)
	})
}

func (f *file) Close() error { return f.db.Close() }

func readSelf(tx *bbolt.Tx) (selfRecord, error) {
	var self selfRecord
	raw := tx.Bucket(bucketSelf).Get(bucketSelf)
	if raw == nil {
		return self, nil
	}
	return self, json.Unmarshal(raw, &self)
}

func saveSelf(tx *bbolt.Tx, change Change) error {
	if change.Identity == nil && change.Epoch == "" {
		return nil
	}
	self, err := readSelf(tx)
	if err != nil {
		return err
	}
	if who := change.Identity; who != nil {
		self = selfRecord{who.ID, who.Name, who.Device, who.Token, self.Epoch}
	}
	if change.Epoch != "" {
		self.Epoch = change.Epoch
	}
	raw, err := json.Marshal(self)
	if err != nil {
		return err
	}
	return tx.Bucket(bucketSelf).Put(bucketSelf, raw)
}

func savePositions(tx *bbolt.Tx, change Change) error {
	if change.Epoch != "" {
		if err := tx.DeleteBucket(bucketPositions); err != nil {
			return err
		}
		if _, err := tx.CreateBucket(bucketPositions); err != nil {
			return err
		}
	}
	positions := tx.Bucket(bucketPositions)
	for conv, at := range change.Positions {
		if err := positions.Put([]byte(conv.String()), key(at)); err != nil {
			return err
		}
	}
	return nil
}

func saveOutbox(outbox *bbolt.Bucket, change Change) error {
	for _, q := range change.Queue {
		raw, err := json.Marshal(messageRecord{q.Conv, q.CID, q.Text, q.At.UnixMilli()})
		if err != nil {
			return err
		}
		if err := outbox.Put(key(q.N), raw); err != nil {
			return err
		}
	}
	for _, n := range change.Unqueue {
		if err := outbox.Delete(key(n)); err != nil {
			return err
		}
	}
	return nil
}

func key(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }
