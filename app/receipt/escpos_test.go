package receipt_test

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"frontdesk/app/receipt"
	"frontdesk/app/settings"
	"frontdesk/payments"
)

// picture writes what came out where somebody can open it.
func picture(t *testing.T, name string, img *image.Gray) {
	t.Helper()
	dir := os.Getenv("RECEIPT_PICS")
	if dir == "" {
		return
	}
	var pic bytes.Buffer
	if err := png.Encode(&pic, img); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), pic.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Set RECEIPT_PICS to a folder to look at what a printer makes of the bytes.
func TestESCPOS(t *testing.T) {
	for name, r := range cases(t) {
		for suffix, p := range map[string]settings.Printer{"": {Cut: true}, "_narrow": {Width: settings.PaperNarrow}} {
			var out bytes.Buffer
			if err := receipt.WriteESCPOS(&out, r, p); err != nil {
				t.Fatal(err)
			}
			var made paper
			rest, err := made.obey(out.Bytes())
			if err != nil || len(rest) > 0 || made.resets != 1 || made.img == nil {
				t.Fatalf("%s%s: %d bytes left, %d resets, %v", name, suffix, len(rest), made.resets, err)
			}
			if wide := made.img.Rect.Dx(); wide != map[string]int{"": 576, "_narrow": 384}[suffix] {
				t.Errorf("%s%s is %d dots wide", name, suffix, wide)
			}
			if p.Cut != (made.cuts == 1) || p.Cut == (made.fed > 0) {
				t.Errorf("%s%s: %d cuts, %d lines fed", name, suffix, made.cuts, made.fed)
			}
			picture(t, name+suffix, made.img)
			if suffix == "" && name != "bare" && name != "specimen" && name != "en" {
				golden(t, name+suffix+".escpos", out.Bytes())
			}
		}
	}
}

// Whatever somebody typed, the bytes are whole commands, and no picture holds a
// command that printers obey wherever it stands.
func TestNoTextSteersThePrinter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := noted()
		s.Lines[0].Label = rapid.StringN(0, 60, -1).Draw(t, "label")
		r, err := receipt.New(receipt.Config{Mode: payments.Live, Language: "bg"}, s, receipt.Kind{})
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		p := settings.Printer{Width: rapid.SampledFrom([]int{0, 32, 48}).Draw(t, "width"), Cut: rapid.Bool().Draw(t, "cut")}
		if err := receipt.WriteESCPOS(&out, r, p); err != nil {
			t.Fatal(err)
		}
		var made paper
		if rest, err := made.obey(out.Bytes()); err != nil || len(rest) > 0 {
			t.Fatalf("%d bytes left, %v", len(rest), err)
		}
	})
}

func TestESCPOSTellsWhenNothingCanBeWritten(t *testing.T) {
	if err := receipt.WriteESCPOS(failing{}, cases(t)["en"], settings.Printer{}); err == nil || !strings.Contains(err.Error(), "full") {
		t.Errorf("%v", err)
	}
}
