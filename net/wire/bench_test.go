package wire_test

import (
	"bytes"
	"testing"

	"chatserver/net/wire"
)

// 120 bytes, as a classic client sends them.
var chatLine = []byte(`{"msgid":6,"id":13,"name":"zhang san","toid":15,"msg":"hello over there, how is it?","time":"2026-01-02 10:11:12"}     `)

func BenchmarkDecode(b *testing.B) {
	b.SetBytes(int64(len(chatLine)))
	b.ReportAllocs()
	for b.Loop() {
		wire.Decode(chatLine)
	}
}

func BenchmarkAppendPush(b *testing.B) {
	b.ReportAllocs()
	var buf []byte
	for b.Loop() {
		buf = wire.AppendPush(buf[:0], direct, 1023)
	}
}

func BenchmarkAppendLoginAck(b *testing.B) {
	a := full
	a.Friends = make([]wire.Peer, 2000)
	b.ReportAllocs()
	var buf []byte
	for b.Loop() {
		buf, _ = wire.AppendLoginAck(buf[:0], a, 0)
	}
}

func BenchmarkReader(b *testing.B) {
	r := wire.NewReader(endless{bytes.Repeat(chatLine, 100)}, wire.MaxObject)
	b.SetBytes(int64(len(chatLine)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.Next(); err != nil {
			b.Fatal(err)
		}
	}
}

// endless repeats its lines in whole reads.
type endless struct{ lines []byte }

func (e endless) Read(b []byte) (int, error) {
	line := len(chatLine)
	return copy(b[:len(b)/line*line], e.lines), nil
}
