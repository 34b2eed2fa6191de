package redisbus

import (
	"bytes"
	"encoding/hex"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"chatserver/net/cluster"
	"chatserver/net/wire"
	"chatserver/persistence"
)

var update = flag.Bool("update", false, "write the golden files anew")

// envelopes has one of each type, each field set.
var envelopes = []cluster.Envelope{
	cluster.Stored{Ver: 4, Message: persistence.Message{
		Conv: persistence.GroupConv(7), Seq: 3, Sender: persistence.User{ID: 1, Name: "änn"},
		CID: "0190-c1d", Body: "hi\x00\xff", At: time.UnixMilli(1_700_000_000_001),
	}},
	cluster.Hint{To: []persistence.UserID{1, persistence.MaxUserID}, From: 5, Object: []byte(`{"msgid":20}`)},
	cluster.Relay{Group: persistence.MaxGroupID, From: 2, Object: []byte("{}")},
	cluster.Announce{Group: 7, Event: wire.Event{Kind: wire.GroupKicked, ID: 2, By: 1, Group: 7, Role: "admin"}},
	cluster.Expel{User: 1, Turn: 1<<64 - 1},
	cluster.Marked{Mark: persistence.Mark{User: 9, Conv: persistence.Direct(1, 9), Delivered: 1<<64 - 1, Read: 3}},
	cluster.Refresh{User: 9},
}

var batch = cluster.Batch{From: "ann/1", Number: 300, Envelopes: envelopes}

func TestEveryEnvelopeHasACodec(t *testing.T) {
	var have []string
	for _, e := range envelopes {
		have = append(have, reflect.TypeOf(e).Name())
	}
	if want := receivers(t); !slices.Equal(have, want) {
		t.Errorf("package cluster has the envelopes\n%v, this test\n%v", want, have)
	}
}

// receivers are the types of package cluster with a method Receivers, as its source has them.
func receivers(t *testing.T) (names []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../envelope.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, declaration := range file.Decls {
		if method, ok := declaration.(*ast.FuncDecl); ok && method.Name.Name == "Receivers" {
			names = append(names, method.Recv.List[0].Type.(*ast.Ident).Name)
		}
	}
	return names
}

func TestEveryFieldOfAnEnvelopeArrives(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		want := cluster.Batch{From: "ann/1", Number: random.Uint64()}
		for _, e := range envelopes {
			filled := reflect.New(reflect.TypeOf(e)).Elem()
			fill(t, filled, random)
			want.Envelopes = append(want.Envelopes, filled.Interface().(cluster.Envelope))
		}
		if got := repacked(t, &sealer{}, want); !reflect.DeepEqual(got, want) {
			t.Fatalf("got  %+v\nwant %+v", got, want)
		}
	}
}

// fill sets each field to something that it may be, and that is not zero.
func fill(t *testing.T, v reflect.Value, random *rand.Rand) {
	t.Helper()
	switch v.Interface().(type) {
	case persistence.UserID:
		v.SetInt(1 + random.Int64N(int64(persistence.MaxUserID)))
		return
	case persistence.GroupID:
		v.SetInt(1 + random.Int64N(int64(persistence.MaxGroupID)))
		return
	case persistence.Conv:
		v.SetInt(int64(persistence.Direct(1+persistence.UserID(random.Int64N(1000)), persistence.MaxUserID)))
		return
	case time.Time:
		v.Set(reflect.ValueOf(time.UnixMilli(random.Int64N(1<<48) - 1<<47)))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(t, v.Field(i), random)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1+random.IntN(3), 3))
		for i := range v.Len() {
			fill(t, v.Index(i), random)
		}
		v.Set(v.Slice3(0, v.Len(), v.Len()))
	case reflect.Int64:
		v.SetInt(1 + random.Int64N(1<<62))
	case reflect.Uint64:
		v.SetUint(1 + random.Uint64N(1<<63))
	case reflect.Uint8:
		v.SetUint(1 + random.Uint64N(255))
	case reflect.String:
		v.SetString(strings.Repeat("ä", 1+random.IntN(100)))
	default:
		t.Fatalf("this test does not know how to fill a %v", v.Type())
	}
}

func TestEmptyFieldsArriveEmpty(t *testing.T) {
	for _, want := range []cluster.Batch{
		{},
		{From: "ann/1", Envelopes: []cluster.Envelope{
			cluster.Stored{Message: persistence.Message{Conv: persistence.Direct(1, 1), Sender: persistence.User{ID: 1}, At: time.UnixMilli(0)}},
			cluster.Hint{},
			cluster.Relay{Group: 1},
			cluster.Announce{Group: 1},
			cluster.Expel{User: 1},
		}},
	} {
		if got := repacked(t, newSealer([]byte("key")), want); !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
	}
}

// repacked is a batch after its way to ann/1.
func repacked(t testing.TB, s *sealer, batch cluster.Batch) cluster.Batch {
	t.Helper()
	frame, err := s.pack("ann/1", batch)
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.unpack("ann/1", string(frame))
	if err != nil {
		t.Fatal(err)
	}
	return got
}

type stranger struct{}

func (stranger) Receivers() []cluster.Key { return nil }

func TestEnvelopeWithoutACodecIsNotSent(t *testing.T) {
	if _, err := new(sealer).pack("ann/1", cluster.Batch{Envelopes: []cluster.Envelope{stranger{}}}); err == nil {
		t.Error("it was packed")
	}
}

func TestFramesOfThisVersionStayAsTheyAre(t *testing.T) {
	for path, s := range map[string]*sealer{"testdata/unsealed.hex": newSealer(nil), "testdata/sealed.hex": newSealer([]byte("0123456789abcdef"))} {
		frame, err := s.pack("bob/2", batch)
		if err != nil {
			t.Fatal(err)
		}
		if *update {
			if err := os.WriteFile(path, wrapped(frame), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		golden, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := wrapped(frame); !bytes.Equal(got, golden) {
			t.Errorf("%s: got\n%s: nodes of this version and earlier ones would not understand each other; raise version", path, got)
		}
	}
}

// wrapped writes bytes in hex, 32 a line.
func wrapped(b []byte) (text []byte) {
	for line := range slices.Chunk(b, 32) {
		text = append(hex.AppendEncode(text, line), '\n')
	}
	return text
}

func TestFrameCutAnywhereOrWithMoreBehindItIsBroken(t *testing.T) {
	s := newSealer(nil)
	frame, err := s.pack("bob/2", batch)
	if err != nil {
		t.Fatal(err)
	}
	for n := range len(frame) {
		if _, err := s.unpack("bob/2", string(frame[:n])); err == nil {
			t.Errorf("%d bytes of %d were read", n, len(frame))
		}
	}
	if _, err := s.unpack("bob/2", string(frame)+"\x00"); err == nil {
		t.Error("one byte too many was read")
	}
}

func TestAnyByteOfASealedFrameThatChangedIsFound(t *testing.T) {
	s := newSealer([]byte("0123456789abcdef"))
	frame, err := s.pack("bob/2", batch)
	if err != nil {
		t.Fatal(err)
	}
	for i := range frame {
		frame[i] ^= 1
		if _, err := s.unpack("bob/2", string(frame)); err == nil {
			t.Errorf("byte %d of %d", i, len(frame))
		}
		frame[i] ^= 1
	}
}

func TestIDsThatNobodyHasAreBroken(t *testing.T) {
	for _, e := range []cluster.Envelope{
		cluster.Refresh{}, cluster.Refresh{User: persistence.MaxUserID + 1}, cluster.Refresh{User: -1},
		cluster.Relay{}, cluster.Relay{Group: -1}, cluster.Relay{Group: persistence.MaxGroupID + 1}, cluster.Relay{Group: 1, From: -1},
		cluster.Hint{To: []persistence.UserID{0}}, cluster.Expel{}, cluster.Announce{},
		cluster.Marked{}, cluster.Marked{Mark: persistence.Mark{User: 1}},
		cluster.Stored{}, cluster.Stored{Message: persistence.Message{Conv: persistence.Direct(1, 1)}},
		cluster.Stored{Message: persistence.Message{Conv: 2<<31 | 1, Sender: persistence.User{ID: 1}}},
		cluster.Stored{Message: persistence.Message{Conv: 1 << 62, Sender: persistence.User{ID: 1}}},
		cluster.Stored{Message: persistence.Message{Conv: -1, Sender: persistence.User{ID: 1}}},
	} {
		s := newSealer(nil)
		frame, err := s.pack("bob/2", cluster.Batch{Envelopes: []cluster.Envelope{e}})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := s.unpack("bob/2", string(frame)); err == nil {
			t.Errorf("%#v was read as %#v", e, got)
		}
	}
}

// FuzzFrame reads anything without a panic, makes no more than a multiple of it, and what it read is
// packed to the same batch again.
func FuzzFrame(f *testing.F) {
	s := newSealer(nil)
	for _, b := range []cluster.Batch{{}, batch} {
		frame, err := s.pack("bob/2", b)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(frame))
	}
	f.Add("\x01\x00\x00\x00\xff\xff\xff\xff\x0f")
	f.Fuzz(func(t *testing.T, frame string) {
		got, err := s.unpack("bob/2", frame)
		if err != nil {
			return
		}
		if cap(got.Envelopes) > len(frame) {
			t.Errorf("room for %d envelopes in %d bytes", cap(got.Envelopes), len(frame))
		}
		for _, e := range got.Envelopes {
			e.Receivers()
		}
		if again := repacked(t, s, got); !reflect.DeepEqual(again, got) {
			t.Errorf("got  %+v\nwant %+v", again, got)
		}
	})
}

// FuzzName reads any member of a set of claims without a panic, and names it the same.
func FuzzName(f *testing.F) {
	f.Add("u1")
	f.Add("g4611686018427387903")
	f.Add("u2147483648")
	f.Fuzz(func(t *testing.T, text string) {
		if key, ok := parse(text); ok {
			if again, ok := parse(name(key)); !ok || again != key {
				t.Errorf("%q is %d, and that %d", text, key, again)
			}
		}
	})
}
