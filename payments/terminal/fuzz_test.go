package terminal_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"testing"
	"testing/iotest"

	"frontdesk/payments/terminal"
)

// FuzzSplit holds Split to its word: what it reads is written again as the same
// bytes, what lies behind the prefix's length changes nothing, and a part of a
// frame is never taken for a whole one.
func FuzzSplit(f *testing.F) {
	all, _ := stream(f)
	f.Add(all)
	f.Add([]byte("HTTP/1.1 400 Bad Request\r\n\r\n"))
	f.Add([]byte("\x00\x02"))
	f.Add([]byte("\xff\xffA="))
	f.Add([]byte("\x00\x1bPRINT_DATA=\r\n\r\nA=\r\nB=\r\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		frame, n, err := terminal.Split(raw)
		size := 0
		if len(raw) >= 2 {
			size = int(binary.BigEndian.Uint16(raw))
		}
		switch {
		case n != 0 && (n != size || n > len(raw)):
			t.Fatalf("%d bytes of a frame of %d in %d", n, size, len(raw))
		case n == 0 && frame != nil, err != nil && frame != nil:
			t.Fatalf("a frame out of %d bytes with %v", n, err)
		case n == 0 && err == nil && len(raw) >= 2 && len(raw) >= size:
			t.Fatal("a whole frame was not seen")
		case n == 0 && err != nil && !errors.Is(err, terminal.ErrSync), n > 0 && err != nil && !errors.Is(err, terminal.ErrFrame):
			t.Fatalf("%d bytes, %v", n, err)
		}
		if n == 0 {
			return
		}
		alone, k, again := terminal.Split(raw[:n:n])
		if k != n || (again == nil) != (err == nil) || len(alone) != len(frame) {
			t.Fatal("what follows a frame changed it")
		}
		for _, cut := range []int{1, 2, n / 2, n - 1} {
			if cut >= 2 && cut < n {
				if part, k, _ := terminal.Split(raw[:cut]); part != nil || k != 0 {
					t.Fatalf("%d of %d bytes gave a frame", cut, n)
				}
			}
		}
		if err == nil {
			written(t, frame, raw[:n])
		}
	})
}

// written writes the frame again. Only texts with a lone line end in them, which
// are read and never sent, may be refused.
func written(t *testing.T, frame terminal.Frame, want []byte) {
	for _, field := range frame {
		if !terminal.Binary(field.Name) && bytes.ContainsAny(field.Value, "\r\n") {
			return
		}
	}
	if back, err := terminal.Encode(frame); err != nil || !bytes.Equal(back, want) {
		t.Fatalf("%q\nis written as\n%q, %v", want, back, err)
	}
}

// FuzzEncode reads back whatever Encode was willing to write.
func FuzzEncode(f *testing.F) {
	f.Add("METHOD", []byte("PING"), "DATA", []byte{1, 2, 3})
	f.Add("PRINT_DATA", []byte("a\r\nb"), "CHAIN", []byte("\r\n345678901234567890;"))
	f.Add("FINGERPRINT", []byte("\r\n345678901234567890"), "A", []byte(""))
	f.Fuzz(func(t *testing.T, name1 string, value1 []byte, name2 string, value2 []byte) {
		frame := terminal.Frame{{Name: name1, Value: value1}, {Name: name2, Value: value2}}
		raw, err := terminal.Encode(frame)
		if err != nil {
			return
		}
		r := terminal.NewReader(iotest.OneByteReader(bytes.NewReader(append(raw, raw...))))
		for range 2 {
			back, err := r.Next()
			if err != nil || len(back) != 2 {
				t.Fatalf("%q reads as %v, %v", raw, back, err)
			}
			for i := range back {
				if back[i].Name != frame[i].Name || !bytes.Equal(back[i].Value, frame[i].Value) {
					t.Fatalf("%q reads as %q", raw, back)
				}
			}
		}
		if _, err := r.Next(); err != io.EOF {
			t.Fatal(err)
		}
	})
}
