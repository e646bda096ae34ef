package server

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"time"

	"frontdesk/payments/relay"
)

// An envelope is the one message that holds all notices of a group commit:
//
//	magic "FE", version 2, count (uint16)
//	per notice: length (uint32), CRC-32C of the record (uint32), record
//	record: kind (1 byte), received (int64, unix ns), order key (16 bytes),
//	        sealed (1 byte, 0 or 1), repeat key (16 bytes),
//	        then store, desk, order id, reference, body, each uint32 length + bytes
//
// Numbers are big-endian. Version 1, which is still read, has neither sealed
// nor repeat key. Readers refuse versions they do not know.
const (
	envelopeFirst   = 1
	envelopeVersion = 2
	maxNotices      = 700
	maxEnvelope     = 500 << 10
	envelopeHead    = 5
	recordHead      = 8
	recordFirst     = 1 + 8 + len(orderKey{}) + 5*4
	recordFixed     = recordFirst + 1 + len(repeatKey{})
)

// What a record says. The bytes reach disk and never change.
const (
	kindPurchase byte = 'P' // IPCPurchaseNotify
	kindRollback byte = 'R' // IPCPurchaseRollback
	kindOther    byte = 'M' // any other signed method
	kindOpened   byte = 'O' // the customer pressed Pay
)

var (
	errEnvelope = errors.New("relay: damaged envelope")
	errNewer    = errors.New("relay: this data folder was written by a newer version of the relay")
)

// orderKey is a keyed hash of store, SID and OrderID.
type orderKey [16]byte

// notice is one record. Desk is empty when every desk of the store is meant.
// What is sealed has its OrderID in the body.
type notice struct {
	sealed    bool
	repeat    repeatKey
	kind      byte
	received  time.Time
	order     orderKey
	store     string
	desk      string
	orderID   string
	reference string
	body      []byte
}

func (n notice) size() int {
	return recordHead + recordFixed + len(n.store) + len(n.desk) + len(n.orderID) + len(n.reference) + len(n.body)
}

func (n notice) deliveryKind() string {
	if n.kind == kindOpened {
		return relay.KindOpened
	}
	return relay.KindNotice
}

func encodeEnvelope(notices []notice) []byte {
	size := envelopeHead
	for _, n := range notices {
		size += n.size()
	}
	b := make([]byte, 0, size)
	b = append(b, 'F', 'E', envelopeVersion)
	b = binary.BigEndian.AppendUint16(b, uint16(len(notices)))
	for _, n := range notices {
		b = appendRecord(b, n)
	}
	return b
}

func appendRecord(b []byte, n notice) []byte {
	start := len(b)
	b = append(b, make([]byte, recordHead)...)
	b = append(b, n.kind)
	b = binary.BigEndian.AppendUint64(b, uint64(n.received.UnixNano()))
	b = append(b, n.order[:]...)
	sealed := byte(0)
	if n.sealed {
		sealed = 1
	}
	b = append(append(b, sealed), n.repeat[:]...)
	for _, s := range [...]string{n.store, n.desk, n.orderID, n.reference} {
		b = binary.BigEndian.AppendUint32(b, uint32(len(s)))
		b = append(b, s...)
	}
	b = binary.BigEndian.AppendUint32(b, uint32(len(n.body)))
	b = append(b, n.body...)
	record := b[start+recordHead:]
	binary.BigEndian.PutUint32(b[start:], uint32(len(record)))
	binary.BigEndian.PutUint32(b[start+4:], crc32.Checksum(record, crc32.MakeTable(crc32.Castagnoli)))
	return b
}

// decodeEnvelope returns the notices in their order. A damaged record fails
// the whole envelope, because its neighbours' borders cannot be trusted; those
// before it come with the error, for whoever must know what may have been said.
func decodeEnvelope(b []byte) ([]notice, error) {
	if len(b) < envelopeHead || b[0] != 'F' || b[1] != 'E' {
		return nil, errEnvelope
	}
	version := b[2]
	if version != envelopeFirst && version != envelopeVersion {
		return nil, fmt.Errorf("%w (format %d)", errNewer, version)
	}
	count := int(binary.BigEndian.Uint16(b[3:]))
	if count == 0 || count > maxNotices {
		return nil, errEnvelope
	}
	b = b[envelopeHead:]
	notices := make([]notice, 0, count)
	for range count {
		if len(b) < recordHead {
			return notices, errEnvelope
		}
		size, sum := int(binary.BigEndian.Uint32(b)), binary.BigEndian.Uint32(b[4:])
		b = b[recordHead:]
		if size > len(b) || crc32.Checksum(b[:size], crc32.MakeTable(crc32.Castagnoli)) != sum {
			return notices, errEnvelope
		}
		n, err := decodeRecord(version, b[:size])
		if err != nil {
			return notices, err
		}
		notices, b = append(notices, n), b[size:]
	}
	if len(b) != 0 {
		return notices, errEnvelope
	}
	return notices, nil
}

func decodeRecord(version byte, b []byte) (notice, error) {
	fixed := recordFixed
	if version == envelopeFirst {
		fixed = recordFirst
	}
	if len(b) < fixed {
		return notice{}, errEnvelope
	}
	n := notice{kind: b[0], received: time.Unix(0, int64(binary.BigEndian.Uint64(b[1:]))).UTC()}
	switch n.kind {
	case kindPurchase, kindRollback, kindOther, kindOpened:
	default:
		return notice{}, errEnvelope
	}
	b = b[9:]
	b = b[copy(n.order[:], b):]
	if version != envelopeFirst {
		if b[0] > 1 {
			return notice{}, errEnvelope
		}
		n.sealed = b[0] == 1
		b = b[1:]
		b = b[copy(n.repeat[:], b):]
	}
	body, err := decodeTexts(b, &n.store, &n.desk, &n.orderID, &n.reference)
	if err != nil {
		return notice{}, err
	}
	n.body = body
	if version == envelopeFirst {
		n.repeat = repeatOf(n)
	}
	return n, nil
}

// decodeTexts reads the texts and the body that end a record.
func decodeTexts(b []byte, texts ...*string) ([]byte, error) {
	var body string
	for _, s := range append(texts, &body) {
		if len(b) < 4 {
			return nil, errEnvelope
		}
		size := int(binary.BigEndian.Uint32(b))
		b = b[4:]
		if size > len(b) {
			return nil, errEnvelope
		}
		*s, b = string(b[:size]), b[size:]
	}
	if len(b) != 0 {
		return nil, errEnvelope
	}
	return []byte(body), nil
}
