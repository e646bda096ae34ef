package receipt_test

import (
	"bytes"
	"compress/zlib"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"frontdesk/app/receipt"
	"frontdesk/payments"
)

// words reads what a PDF says: the strings of its pages, in the order in which
// they were drawn.
func words(t *testing.T, pdf []byte) string {
	t.Helper()
	var all strings.Builder
	for _, part := range bytes.Split(pdf, []byte("stream\n"))[1:] {
		body, _, _ := bytes.Cut(part, []byte("\nendstream"))
		r, err := zlib.NewReader(bytes.NewReader(body))
		if err != nil {
			continue // a font, or the end of a stream
		}
		page, err := io.ReadAll(r)
		if err != nil || !bytes.Contains(page, []byte("Tj")) {
			continue
		}
		for _, shown := range regexp.MustCompile(`(?s)\(((?:\\.|[^\\)])*)\) Tj`).FindAllSubmatch(page, -1) {
			all.WriteString(wide(shown[1]))
			all.WriteByte('\n')
		}
	}
	return all.String()
}

// wide reads a PDF string of UTF-16 letters.
func wide(raw []byte) string {
	var plain []byte
	for i := 0; i < len(raw); i++ {
		if raw[i] == '\\' && i+1 < len(raw) {
			i++
			if raw[i] == 'r' {
				plain = append(plain, '\r')
				continue
			}
		}
		plain = append(plain, raw[i])
	}
	units := make([]uint16, 0, len(plain)/2)
	for i := 0; i+1 < len(plain); i += 2 {
		units = append(units, uint16(plain[i])<<8|uint16(plain[i+1]))
	}
	return string(utf16.Decode(units))
}

// pages counts the pages of a PDF and returns the size of the first one in
// millimetres.
func pages(t *testing.T, pdf []byte) (n, width, height int) {
	t.Helper()
	n = len(regexp.MustCompile(`/Type /Page\b[^s]`).FindAll(pdf, -1))
	box := regexp.MustCompile(`/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]`).FindAllSubmatch(pdf, -1)
	if len(box) == 0 {
		t.Fatal("the page has no size")
	}
	size := box[len(box)-1]
	if len(box) > 1 {
		size = box[0]
	}
	mm := func(s []byte) int {
		f, err := strconv.ParseFloat(string(s), 64)
		if err != nil {
			t.Fatal(err)
		}
		return int(f*25.4/72 + 0.5)
	}
	return n, mm(size[1]), mm(size[2])
}

// look writes a PDF where somebody can open it, when RECEIPT_PICS names a folder.
func look(t *testing.T, name string, pdf []byte) {
	t.Helper()
	if dir := os.Getenv("RECEIPT_PICS"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, name+".pdf"), pdf, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestPDF(t *testing.T) {
	for name, r := range cases(t) {
		var one, two bytes.Buffer
		for _, out := range []*bytes.Buffer{&one, &two} {
			if err := receipt.WritePDF(out, r); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(one.Bytes(), two.Bytes()) {
			t.Errorf("%s: the same receipt gives other bytes", name)
		}
		look(t, name, one.Bytes())
		n, width, height := pages(t, one.Bytes())
		if n != 1 || width != 80 || height < 60 || height > 200 {
			t.Errorf("%s: %d pages, %d x %d mm", name, n, width, height)
		}
		got := words(t, one.Bytes())
		golden(t, name+".pdf.txt", []byte(got))
	}
}

// The word of the mode stands across each page of money that is not real, and on
// none of real money.
func TestPDFIsMarkedAcross(t *testing.T) {
	for mode, word := range map[payments.Mode]string{payments.Practice: "\nÜBUNG\n", payments.Test: "\nTEST\n", payments.Live: ""} {
		r, err := receipt.New(config(mode, "de"), sold(), receipt.Kind{})
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := receipt.WritePDF(&out, r); err != nil {
			t.Fatal(err)
		}
		got := "\n" + words(t, out.Bytes())
		if word != "" && !strings.Contains(got, word) {
			t.Errorf("%s: %q", mode, got)
		}
		if mode == payments.Live && strings.Contains(got, "kein echtes Geld") {
			t.Errorf("%s: %q", mode, got)
		}
	}
}
