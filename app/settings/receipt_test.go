package settings_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"frontdesk/app/settings"
)

// A file of before there were receipts still tells the name of the salon, prints
// nothing, and keeps that name where older programs look for it.
func TestFilesOfBeforeReceipts(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "settings.json")
	if err := os.WriteFile(path, []byte(`{"version":1,"salon":" Salon Mirabelle ","text_size":1,"favourites":[]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	f := settings.In(dir)
	s, err := f.Load()
	if err != nil || s.Heading() != (settings.Salon{Name: "Salon Mirabelle"}) || s.Receipt != (settings.Receipt{}) || !s.Receipt.Printer.None() {
		t.Fatalf("%+v, %v", s, err)
	}
	s.Shop = settings.Shop{Street: " ul. Vitosha 12 ", City: "1000 Sofia", VATID: "BG123456789", Phone: "+359 2 123 4567", Footer: "Thank you.\nSee you soon."}
	s.Receipt = settings.Receipt{
		Auto: true, VAT: 2000, Language: "bg", KeepWords: 24,
		Printer: settings.Printer{Kind: settings.PrinterNetwork, Address: "192.168.1.60", Width: settings.PaperNarrow, Cut: true},
	}
	if err := f.Save(s); err != nil {
		t.Fatal(err)
	}
	back, err := f.Load()
	if err != nil || cmp.Diff(s, back) != "" || back.Heading().Street != "ul. Vitosha 12" {
		t.Errorf("%v: %s", err, cmp.Diff(s, back))
	}
	p := back.Receipt.Printer
	if p.At() != settings.DefaultPrinterPort || p.Columns() != settings.PaperNarrow || (settings.Printer{}).Columns() != settings.PaperWide {
		t.Errorf("%+v: port %d, %d columns", p, p.At(), p.Columns())
	}
}
