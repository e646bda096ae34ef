package server

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// FuzzEnvelope: what decodes encodes to the same bytes, and any damage to a
// good envelope is noticed.
func FuzzEnvelope(f *testing.F) {
	good := encodeEnvelope([]notice{
		{kind: kindPurchase, received: time.Unix(1, 2).UTC(), order: orderKey{1}, store: storeA, desk: deskA, orderID: order1, reference: "813705", body: []byte("a=b")},
		{kind: kindOpened, received: time.Unix(3, 4).UTC(), store: storeA, orderID: "x", body: []byte{}},
	})
	f.Add(good, 7, byte(1))
	f.Add([]byte("FE\x01\x00\x00"), 0, byte(0))
	f.Add([]byte("FE\x02\x00\x01"), 0, byte(0))
	f.Add([]byte("FE\x03\x00\x01"), 0, byte(0))
	f.Add(firstEnvelope(notice{kind: kindOther, received: time.Unix(3, 4).UTC(), store: storeA, orderID: "x", body: []byte("Signature=x")}), 7, byte(1))
	f.Fuzz(func(t *testing.T, data []byte, at int, flip byte) {
		notices, err := decodeEnvelope(data)
		if err == nil && data[2] == envelopeVersion && !bytes.Equal(encodeEnvelope(notices), data) {
			t.Error("decoded, but not what it encodes to")
		}
		if flip == 0 || at < 0 || at >= len(good) {
			return
		}
		damaged := bytes.Clone(good)
		damaged[at] ^= flip
		if _, err := decodeEnvelope(damaged); err == nil {
			t.Errorf("byte %d changed by %x was not noticed", at, flip)
		}
	})
}

// firstEnvelope is what version 1 wrote.
func firstEnvelope(n notice) []byte {
	record := append([]byte{n.kind}, binary.BigEndian.AppendUint64(nil, uint64(n.received.UnixNano()))...)
	record = append(record, n.order[:]...)
	for _, s := range []string{n.store, n.desk, n.orderID, n.reference, string(n.body)} {
		record = append(binary.BigEndian.AppendUint32(record, uint32(len(s))), s...)
	}
	b := append([]byte("FE\x01\x00\x01"), binary.BigEndian.AppendUint32(nil, uint32(len(record)))...)
	b = binary.BigEndian.AppendUint32(b, crc32.Checksum(record, crc32.MakeTable(crc32.Castagnoli)))
	return append(b, record...)
}

// TestFirstEnvelope: what an older relay wrote means the same.
func TestFirstEnvelope(t *testing.T) {
	in := notice{
		kind: kindRollback, received: time.Unix(1, 2).UTC(), order: orderKey{1}, store: storeA, desk: deskA, orderID: order1,
		body: []byte("SID=1&OrderID=x&Signature=y"),
	}
	want := in
	want.repeat = repeatOf(in)
	out, err := decodeEnvelope(firstEnvelope(in))
	if err != nil || want.repeat == (repeatKey{}) {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]notice{want}, out, cmp.AllowUnexported(notice{})); diff != "" {
		t.Error(diff)
	}
}

// TestEnvelopeDamage changes every byte and cuts at every length.
func TestEnvelopeDamage(t *testing.T) {
	good := encodeEnvelope([]notice{{kind: kindRollback, received: time.Unix(1, 0).UTC(), store: storeA, body: []byte("IPCmethod=x")}})
	for i := range good {
		damaged := bytes.Clone(good)
		damaged[i] ^= 0x20
		if _, err := decodeEnvelope(damaged); err == nil {
			t.Errorf("byte %d", i)
		}
		if _, err := decodeEnvelope(good[:i]); err == nil {
			t.Errorf("cut at %d", i)
		}
	}
	if _, err := decodeEnvelope(append(bytes.Clone(good), 0)); err == nil {
		t.Error("a byte too many")
	}
}

func TestEnvelopeRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 20).Draw(t, "n")
		var in []notice
		for range n {
			in = append(in, notice{
				kind:      rapid.SampledFrom([]byte{kindPurchase, kindRollback, kindOther, kindOpened}).Draw(t, "kind"),
				received:  time.Unix(0, rapid.Int64().Draw(t, "ns")).UTC(),
				order:     orderKey(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "key")),
				store:     rapid.String().Draw(t, "store"),
				desk:      rapid.String().Draw(t, "desk"),
				orderID:   rapid.String().Draw(t, "order"),
				reference: rapid.String().Draw(t, "reference"),
				sealed:    rapid.Bool().Draw(t, "sealed"),
				repeat:    repeatKey(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "repeat")),
				body:      append([]byte{}, rapid.SliceOf(rapid.Byte()).Draw(t, "body")...),
			})
		}
		out, err := decodeEnvelope(encodeEnvelope(in))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(in, out, cmp.AllowUnexported(notice{})); diff != "" {
			t.Error(diff)
		}
	})
}
