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
		wire.Decode(chatLine, wire.Classic)
	}
}

func BenchmarkDecodeV2(b *testing.B) {
	line := wire.AppendRequest(nil, wire.OneChat{To: 15, Msg: "hello over there, how is it?", CID: direct.CID}, "77")
	b.ReportAllocs()
	for b.Loop() {
		wire.Decode(line, wire.V2)
	}
}

func BenchmarkDecodePush(b *testing.B) {
	line := wire.AppendPush(nil, with("hello over there, how is it?"), 0)
	b.ReportAllocs()
	for b.Loop() {
		wire.DecodeReply(line, wire.V2)
	}
}

func BenchmarkDecodeStored(b *testing.B) {
	line := wire.AppendReply(nil, to(wire.OneChatID), stored)
	b.ReportAllocs()
	for b.Loop() {
		wire.DecodeReply(line, wire.V2)
	}
}

func BenchmarkAppendStored(b *testing.B) {
	b.ReportAllocs()
	var buf []byte
	for b.Loop() {
		buf = wire.AppendReply(buf[:0], to(wire.OneChatID), stored)
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
