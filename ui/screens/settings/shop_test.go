package settings_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"frontdesk/app/receipt"
	kept "frontdesk/app/settings"
	"frontdesk/payments"
	"frontdesk/ui/screens/settings"
)

// shop has a printer, copies and desks, and notes what it is asked for.
type shop struct {
	err   error
	tried []kept.Printer
	asked []string
}

func (s *shop) Printers(context.Context) ([]receipt.Found, error) {
	return []receipt.Found{{Kind: kept.PrinterNetwork, Address: "1.2.3.4", Name: "elsewhere"}}, s.err
}

func (s *shop) TestPrinter(_ context.Context, p kept.Printer) error {
	s.tried = append(s.tried, p)
	return s.err
}

func (s *shop) Copies(context.Context) ([]settings.Copy, error) {
	return []settings.Copy{{Path: "/data/live/backups/2026-11-20", Day: time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC), Bytes: 3 << 20}}, nil
}

func (s *shop) MakeCopy(_ context.Context, passphrase, by string) (settings.Copy, error) {
	s.asked = append(s.asked, "copy "+passphrase+" by "+by)
	return settings.Copy{Path: "/data/live/backups/2026-11-21"}, s.err
}

func (s *shop) Desks(context.Context) ([]settings.FleetDesk, error) {
	return []settings.FleetDesk{{ID: "1", Name: "Main", Here: true, Paired: when()}, {ID: "2", Name: "Bar", Paired: when()}}, nil
}

func (s *shop) PairingCode(_ context.Context, by string) (string, time.Time, error) {
	s.asked = append(s.asked, "code "+by)
	return "7K3M-9QWX", when().Add(15 * time.Minute), s.err
}

func (s *shop) Rename(_ context.Context, desk, name, by string) error {
	s.asked = append(s.asked, "rename "+desk+" "+name+" "+by)
	return s.err
}

func (s *shop) Revoke(_ context.Context, desk, by string) error {
	s.asked = append(s.asked, "revoke "+desk+" "+by)
	return s.err
}

func (s *shop) want(t *testing.T, asked ...string) {
	t.Helper()
	if diff := cmp.Diff(asked, s.asked); diff != "" {
		t.Errorf("asked, -want +got:\n%s", diff)
	}
	s.asked = nil
}

func TestAReceiptIsSetUp(t *testing.T) {
	r := start(t, payments.Live, &desk{have: connection()})
	r.page.Show(settings.Receipt)
	r.field("Street").SetText(" Kastanienallee 12 ")
	r.field("VAT inside the prices").SetText("7,5 %")
	r.press("Save")
	want := kept.Shop{Street: "Kastanienallee 12"}
	if r.chosen.Shop != want || r.chosen.Receipt != (kept.Receipt{VAT: 750}) || r.chosen.Salon != "Mira" {
		t.Errorf("kept %+v %+v", r.chosen.Shop, r.chosen.Receipt)
	}
	r.shows("Saved. The next receipt looks like this.")
	for _, wrong := range []string{"a fifth", "50.01", "7.555", "-1", "100"} {
		r.chosen = kept.Settings{}
		r.field("VAT inside the prices").SetText(wrong)
		r.press("Save")
		r.shows("Write a rate up to 50")
		if r.chosen.Salon != "" {
			t.Errorf("%q was kept", wrong)
		}
	}
	r.press("Discard")
	if got := r.field("VAT inside the prices").Text(); got != "7.5" {
		t.Errorf("discarding shows %q", got)
	}
}

func TestAPrinterIsTriedBeforeItIsKept(t *testing.T) {
	r := start(t, payments.Live, &desk{have: connection()})
	r.page.Show(settings.Receipt)
	r.shows("Choose a printer first.")
	r.pick("Printer", 2)
	r.press("Test print")
	r.shows("Fill this in, or search.")
	r.field("Address").SetText("192.168.1.50")
	r.field("Port").SetText("9101")
	r.shop.err = &payments.Error{Code: "printer.paper", Err: payments.ErrUnreachable}
	r.press("Test print")
	r.shows(r.words.Problem("printer.paper").What)
	r.shop.err = nil
	r.press("Test print")
	r.shows("The printer took it.")
	want := kept.Printer{Kind: kept.PrinterNetwork, Address: "192.168.1.50", Port: 9101}
	if diff := cmp.Diff([]kept.Printer{want, want}, r.shop.tried); diff != "" {
		t.Error(diff)
	}
	if r.chosen.Receipt.Printer.Kind != "" {
		t.Error("trying keeps it")
	}
	r.press("Save")
	if r.chosen.Receipt.Printer != want {
		t.Errorf("kept %+v", r.chosen.Receipt.Printer)
	}
}

func TestCopiesAreMadeAndCredentialsOnlyUnderAPassphrase(t *testing.T) {
	r := start(t, payments.Live, &desk{have: connection()})
	r.page.Show(settings.Backup)
	r.run.flush()
	r.shows("Last copy on 20 November")
	r.press("Back up now")
	r.shows("Copied to /data/live/backups/2026-11-21")
	r.press("With credentials…")
	r.field("Passphrase").SetText("correct horse")
	r.field("Once more").SetText("battery")
	r.press("Back up now")
	r.shows("These were two different ones.")
	r.field("Once more").SetText("correct horse")
	r.press("Back up now")
	r.shop.want(t, "copy  by ELENA000", "copy correct horse by ELENA000")
	if r.host.Top() != nil {
		t.Error("the question stays")
	}
}

func TestDesksOfTheRelay(t *testing.T) {
	r := start(t, payments.Live, &desk{have: connection()})
	r.page.Show(settings.Relay)
	r.run.flush()
	r.press("New pairing code")
	r.shows("7K3M-9QWX")
	r.press("Rename Bar")
	r.field("Name of the desk").SetText("Colour bar")
	r.press("Save")
	r.press("Send Bar away?")
	r.press("Keep it")
	r.press("Send Bar away?")
	r.press("Send it away")
	r.shop.want(t, "code ELENA000", "rename 2 Colour bar ELENA000", "revoke 2 ELENA000")
}

func TestTheDayBeginsWhenItIsSaid(t *testing.T) {
	r := start(t, payments.Live, &desk{have: connection()})
	r.page.Show(settings.Salon)
	r.field("Who works here").SetText("Elena")
	r.pick("A business day begins at", 1)
	r.press("Save")
	if r.chosen.DayBegins != 5 {
		t.Errorf("begins at %d", r.chosen.DayBegins)
	}
}
