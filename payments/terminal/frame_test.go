package terminal_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"frontdesk/payments/terminal"
)

const (
	sidS = "f260883b-512b-446f-9b3c-d66e1f52bebd"
	sidT = "0b9d1c7e-3a44-4d5e-8f10-2c6b7a9e5d01"
)

// golden is a frame of spec 3.2. "|" stands for a line end.
type golden struct {
	name  string
	total int
	head  string // prefix, hex
	sum   string // first 16 hex digits of SHA-256
	body  string
}

func goldens() []golden {
	all := []golden{
		{"V1", 103, "0067", "16e905021dbf647b", "PROTOCOL=IPP|VERSION=200|METHOD=INIT|SID=S|STAGE=1|STATUS=0|"},
		{"V2", 84, "0054", "eab84f446a1301d9", "PROTOCOL=IPP|VERSION=202|METHOD=PING|SID=S|"},
		{"V3", 136, "0088", "7120fa58f2b7e3be", "PROTOCOL=IPP|METHOD=PING|VERSION=202|SID=S|STAGE=1|STATUS=0|TIMEOUT=60|CURRENT_VERSION=202|"},
		{"V4", 103, "0067", "c1c158ae8b7d2da9", "PROTOCOL=IPP|METHOD=PING|VERSION=202|SID=S|STAGE=5|STATUS=0|"},
		{"V5", 210, "00d2", "597fdccddff4a250", "PROTOCOL=IPP|VERSION=202|METHOD=PURCHASE|SID=S|AMOUNT=12.34|CURRENCY=978|FIXED_PINPAD=1|REFERENCE_NUMBER_TYPE=1|REFERENCE_NUMBER=INV-1001|PRINT_RECEIPT=0|LANG=EN|"},
		{"V6", 109, "006d", "18cd5b719b692d76", "PROTOCOL=IPP|VERSION=202|METHOD=PURCHASE|SID=T|STAGE=101|STATUS=0|"},
		{"V7", 142, "008e", "84177bccec6d6cfc", "PROTOCOL=IPP|VERSION=202|METHOD=COMPLETE_TX|SID=T|SID_ORIGINAL=S|"},
		{"V8", 90, "005a", "ae6d2bd5c508b809", "PROTOCOL=IPP|VERSION=202|METHOD=GET_STATUS|SID=T|"},
		{"V9", 139, "008b", "62dbceccafa1a001", "PROTOCOL=IPP|VERSION=202|METHOD=REVERSAL|SID=T|SID_ORIGINAL=S|"},
		{"V10", 130, "0082", "12088160a2709531", "PROTOCOL=IPP|VERSION=202|METHOD=REFUND|SID=T|AMOUNT=12.34|CURRENCY=978|FIXED_PINPAD=1|"},
		{"V11", 94, "005e", "fd0f45bca13f40fc", "PROTOCOL=IPP|METHOD=PURCHASE|SID=T|STAGE=1|STATUS=1|"},
		{"V12", 95, "005f", "c0b961d8b750fed1", "PROTOCOL=IPP|METHOD=PURCHASE|SID=T|STAGE=1|STATUS=20|"},
	}
	for i := range all {
		body := strings.NewReplacer("SID=S|", "SID="+sidS+"|", "SID=T|", "SID="+sidT+"|", "SID_ORIGINAL=S|", "SID_ORIGINAL="+sidS+"|").Replace(all[i].body)
		all[i].body = strings.ReplaceAll(body, "|", "\r\n")
	}
	return all
}

func frameOf(body string) terminal.Frame {
	var f terminal.Frame
	for line := range strings.SplitSeq(strings.TrimSuffix(body, "\r\n"), "\r\n") {
		name, value, _ := strings.Cut(line, "=")
		f = append(f, terminal.Text(name, value))
	}
	return f
}

func TestGoldenFrames(t *testing.T) {
	t.Parallel()
	for _, g := range goldens() {
		raw, err := terminal.Encode(frameOf(g.body))
		if err != nil {
			t.Fatalf("%s: %v", g.name, err)
		}
		sum := sha256.Sum256(raw)
		if len(raw) != g.total || hex.EncodeToString(raw[:2]) != g.head || hex.EncodeToString(sum[:8]) != g.sum || string(raw[2:]) != g.body {
			t.Errorf("%s: %d bytes, head %x, sum %x\n%q", g.name, len(raw), raw[:2], sum[:8], raw)
		}
		f, n, err := terminal.Split(raw)
		if diff := cmp.Diff(frameOf(g.body), f); diff != "" || n != len(raw) || err != nil {
			t.Errorf("%s: read back %d bytes, %v\n%s", g.name, n, err, diff)
		}
	}
}

// The bytes of V2 and of the DATA example stand in the spec in full.
func TestFramesByteForByte(t *testing.T) {
	t.Parallel()
	v2, err := terminal.Encode(frameOf(goldens()[1].body))
	want, _ := hex.DecodeString("0054" + "50524f544f434f4c3d4950500d0a" + "56455253494f4e3d3230320d0a" + "4d4554484f443d50494e470d0a" + "5349443d" + hex.EncodeToString([]byte(sidS)) + "0d0a")
	if err != nil || !bytes.Equal(v2, want) {
		t.Errorf("V2: %x, %v", v2, err)
	}
	data, err := terminal.Encode(append(frameOf("PROTOCOL=IPP\r\nMETHOD=PING\r\nSID=x\r\nSTAGE=4"), terminal.Field{Name: "DATA", Value: []byte{1, 2, 3}}))
	tail, _ := hex.DecodeString("44415441" + "3d" + "0005" + "010203" + "0d0a")
	if err != nil || len(data) != 57 || !bytes.HasPrefix(data, []byte{0, 0x39}) || !bytes.HasSuffix(data, tail) {
		t.Errorf("DATA: %x, %v", data, err)
	}
}

// stream is all golden frames and one with every binary field, one behind another.
func stream(t testing.TB) ([]byte, []terminal.Frame) {
	t.Helper()
	hash := bytes.Repeat([]byte{'\r', '\n', '=', ';', 0}, 4)
	other := bytes.Repeat([]byte{0xff}, 20)
	frames := []terminal.Frame{{
		terminal.Text("METHOD", "GET_STATUS"),
		{Name: "FINGERPRINT", Value: hash},
		{Name: "CHAIN", Value: append(append([]byte{}, hash...), ';')},
		{Name: "PRIMARY_CHAIN", Value: append(append(append(append([]byte{}, hash...), ';'), other...), ';')},
		{Name: "SECONDARY_CHAIN"},
		{Name: "CERT", Value: []byte("\r\nNAME=VALUE\r\n")},
		{Name: "PRINT_DATA", Value: []byte("two\r\nlines = \\n")},
		terminal.Text("EMPTY", ""),
		terminal.Text("DISPLAY_TEXT_ROW1", "a=b=c é"),
		{Name: "DATA", Value: []byte("\r\n")},
	}}
	for _, g := range goldens() {
		frames = append(frames, frameOf(g.body))
	}
	var all []byte
	for _, f := range frames {
		raw, err := terminal.Encode(f)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, raw...)
	}
	return all, frames
}

func TestReaderTakesAnySplit(t *testing.T) {
	t.Parallel()
	all, want := stream(t)
	for name, r := range map[string]io.Reader{
		"at once": bytes.NewReader(all), "byte by byte": iotest.OneByteReader(bytes.NewReader(all)),
		"halves": iotest.HalfReader(bytes.NewReader(all)), "error with data": iotest.DataErrReader(bytes.NewReader(all)),
	} {
		reader := terminal.NewReader(r)
		for i := range want {
			f, err := reader.Next()
			if diff := cmp.Diff(want[i], f, emptyIsNil()); diff != "" || err != nil {
				t.Fatalf("%s, frame %d: %v\n%s", name, i, err, diff)
			}
		}
		for range 2 {
			if f, err := reader.Next(); f != nil || err != io.EOF {
				t.Errorf("%s: after the end %v, %v", name, f, err)
			}
		}
	}
	for cut := range all {
		reader := terminal.NewReader(bytes.NewReader(all[:cut]))
		whole, bytesRead := 0, 0
		var err error
		for {
			var f terminal.Frame
			if f, err = reader.Next(); err != nil {
				break
			}
			raw, _ := terminal.Encode(f)
			whole, bytesRead = whole+1, bytesRead+len(raw)
		}
		if want := map[bool]error{true: io.EOF, false: io.ErrUnexpectedEOF}[bytesRead == cut]; err != want {
			t.Fatalf("cut at %d after %d frames: %v", cut, whole, err)
		}
	}
}

func emptyIsNil() cmp.Option {
	return cmp.Comparer(func(a, b terminal.Field) bool { return a.Name == b.Name && bytes.Equal(a.Value, b.Value) })
}

func TestBadBytes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		raw  string
		want error
	}{
		"prefix 0":              {"\x00\x00", terminal.ErrSync},
		"prefix 1":              {"\x00\x01x", terminal.ErrSync},
		"prefix 2":              {"\x00\x02x=\r\n", terminal.ErrSync},
		"web server":            {"HTTP/1.1 400 Bad Request\r\n", terminal.ErrSync},
		"ssh":                   {"SSH-2.0-OpenSSH", terminal.ErrSync},
		"no name ends":          {"\xff\xff" + strings.Repeat("A", 65), terminal.ErrSync},
		"nameless":              {"\x00\x06=x\r\n", terminal.ErrSync},
		"no equals":             {"\x00\x05ABC", terminal.ErrFrame},
		"no line end":           {"\x00\x05A=1", terminal.ErrFrame},
		"half a line end":       {"\x00\x06A=1\r", terminal.ErrFrame},
		"second line nameless":  {"\x00\x0aA=1\r\n=1\r", terminal.ErrFrame},
		"data longer than told": {"\x00\x0bDATA=\x00\x09\r\n", terminal.ErrFrame},
		"data counts 1":         {"\x00\x0bDATA=\x00\x01\r\n", terminal.ErrFrame},
		"short hash":            {"\x00\x11FINGERPRINT=x\r\n", terminal.ErrFrame},
		"chain without ;":       {"\x00\x21CHAIN=" + strings.Repeat("x", 20) + ",\r\nAB", terminal.ErrFrame},
	} {
		if _, err := terminal.NewReader(strings.NewReader(c.raw)).Next(); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func TestAGarbledFrameDoesNotHideTheNext(t *testing.T) {
	t.Parallel()
	good, _ := terminal.Encode(terminal.Frame{terminal.Text("A", "1")})
	r := terminal.NewReader(strings.NewReader("\x00\x05ABC" + string(good)))
	if _, err := r.Next(); !errors.Is(err, terminal.ErrFrame) {
		t.Errorf("first: %v", err)
	}
	if f, err := r.Next(); err != nil || len(f) != 1 {
		t.Errorf("second: %v, %v", f, err)
	}
}

func TestEncodeRefuses(t *testing.T) {
	t.Parallel()
	hash := bytes.Repeat([]byte{1}, 20)
	for name, f := range map[string]terminal.Frame{
		"nothing":            {},
		"empty name":         {terminal.Text("", "x")},
		"name with =":        {terminal.Text("A=B", "x")},
		"name with line end": {terminal.Text("A\r\nB", "x")},
		"long name":          {terminal.Text(strings.Repeat("A", 65), "x")},
		"line end in text":   {terminal.Text("REFERENCE", "a\r\nSTATUS=0")},
		"lone line feed":     {terminal.Text("REFERENCE", "a\nb")},
		"too long":           {terminal.Text("A", strings.Repeat("x", 65535))},
		"data too long":      {{Name: "DATA", Value: make([]byte, 65534)}},
		"short hash":         {{Name: "FINGERPRINT", Value: hash[:19]}},
		"chain without ;":    {{Name: "CHAIN", Value: hash}},
		"print into a field": {{Name: "PRINT_DATA", Value: []byte("x\r\nSTATUS=0")}},
	} {
		if raw, err := terminal.Encode(f); raw != nil || !errors.Is(err, terminal.ErrField) {
			t.Errorf("%s: %q, %v", name, raw, err)
		}
	}
	if raw, err := terminal.Encode(terminal.Frame{terminal.Text("A", strings.Repeat("x", 65529))}); err != nil || len(raw) != 65535 {
		t.Errorf("the longest frame: %d, %v", len(raw), err)
	}
}

func TestCurrencies(t *testing.T) {
	t.Parallel()
	if n := terminal.CurrencyNumber("EUR"); n != "978" {
		t.Error(n)
	}
	if n := terminal.CurrencyNumber("TWD"); n != "" {
		t.Errorf("TWD is %q: terminals do not take it", n)
	}
	for text, want := range map[string]string{"978": "EUR", "EUR": "EUR", "975": "BGN", "191": "HRK", "352": "ISK", "901": "", "": "", "eur": ""} {
		if got := terminal.CurrencyOf(text); string(got) != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}
