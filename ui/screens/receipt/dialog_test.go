package receipt_test

import (
	"context"
	"errors"
	"io"
	"net/url"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"github.com/google/go-cmp/cmp"

	"frontdesk/app"
	"frontdesk/app/receipt"
	"frontdesk/app/settings"
	"frontdesk/app/text"
	"frontdesk/payments"
	"frontdesk/payments/money"
	screen "frontdesk/ui/screens/receipt"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// desk notes what it is asked for.
type desk struct {
	asked  []string
	refuse error
	none   error
}

func (d *desk) Receipt(_ context.Context, id app.SaleID, refund string) (receipt.Receipt, error) {
	d.asked = append(d.asked, "receipt "+string(id)+" "+refund)
	sum := money.Amount{Minor: 4500, Currency: "EUR"}
	s := app.Sale{ID: id, State: app.Paid, Amount: sum, Received: sum, Attempts: []app.Attempt{{Rail: payments.RailLink, State: app.Paid, Amount: sum}}}
	if d.none != nil {
		return receipt.Receipt{}, d.none
	}
	return receipt.New(receipt.Config{Salon: settings.Salon{Name: "Mira"}, Mode: payments.Practice, Zone: time.UTC}, s, receipt.Kind{})
}

func (d *desk) PrintReceipt(_ context.Context, id app.SaleID, refund string, again bool, by app.Actor) error {
	words := "print " + string(id) + " " + refund + " " + by.Operator
	if again {
		words += " again"
	}
	d.asked = append(d.asked, words)
	return d.refuse
}

func (d *desk) SaveReceipt(_ context.Context, id app.SaleID, refund string, w io.Writer) error {
	d.asked = append(d.asked, "save "+string(id)+" "+refund)
	_, err := w.Write([]byte("%PDF"))
	return errors.Join(err, d.refuse)
}

func (d *desk) want(t *testing.T, asked ...string) {
	t.Helper()
	if diff := cmp.Diff(asked, d.asked); diff != "" {
		t.Errorf("asked, -want +got:\n%s", diff)
	}
	d.asked = nil
}

// atOnce does work where it stands.
type atOnce struct{}

func (atOnce) Go(work func(context.Context)) { work(context.Background()) }
func (atOnce) Do(f func())                   { f() }

type rig struct {
	t      *testing.T
	desk   *desk
	window fyne.Window
	dialog *screen.Dialog
	files  []string
	mails  []string
	setup  int
}

func open(t *testing.T, d *desk, refund string) *rig {
	t.Helper()
	a := test.NewTempApp(t)
	look, err := theme.New(theme.Config{Choice: theme.Light})
	if err != nil {
		t.Fatal(err)
	}
	a.Settings().SetTheme(look)
	r := &rig{t: t, desk: d, window: test.NewTempWindow(t, widgets.NewSurface(widgets.Skin{}))}
	r.window.Resize(fyne.NewSize(1200, 760))
	host := widgets.NewHost(r.window.Canvas())
	r.window.Canvas().SetOnTypedKey(func(e *fyne.KeyEvent) { host.Key(e) })
	r.dialog, err = screen.Open(screen.Config{
		Desk: d, Run: atOnce{}, Host: host, Text: text.New("en"), Operator: func() string { return "nora" },
		Columns: func() int { return settings.PaperNarrow }, OnSetup: func() { r.setup++ },
		Save: func(name string, write func(io.Writer) error) (string, error) {
			r.files = append(r.files, name)
			return "/there/" + name, write(io.Discard)
		},
		Mail: func(u *url.URL) error {
			r.mails = append(r.mails, u.Scheme)
			return nil
		},
	}, "SALE", refund)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *rig) shows(words string) {
	r.t.Helper()
	if all := test.RenderToMarkup(r.window.Canvas()); !strings.Contains(strings.Join(strings.Fields(all), " "), words) {
		r.t.Errorf("%q is not shown", words)
	}
}

func (r *rig) press(keys ...fyne.KeyName) {
	for _, k := range keys {
		r.window.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: k})
	}
}

func TestEnterPrintsAndWhatComesAfterIsACopy(t *testing.T) {
	r := open(t, &desk{}, "")
	r.shows("PRACTICE")
	r.press(fyne.KeyReturn)
	r.desk.want(t, "receipt SALE ", "print SALE  nora")
	r.shows("Printed.")
	r.shows("Print a copy")
	r.press(fyne.KeyReturn)
	r.desk.want(t, "print SALE  nora again")
	r.press(fyne.KeyEscape)
	if r.dialog.Shown() {
		t.Error("Escape does not close it")
	}
}

func TestTroubleOfThePrinterIsToldInWords(t *testing.T) {
	d := &desk{refuse: &payments.Error{Code: "printer.paper", Err: payments.ErrUnreachable}}
	r := open(t, d, "R1")
	r.press(fyne.KeyReturn)
	r.shows("out of paper")
	r.press(fyne.KeyReturn)
	d.want(t, "receipt SALE R1", "print SALE R1 nora", "print SALE R1 nora") // nothing has come out: no copy
	d.refuse = &payments.Error{Code: "printer.cut", Err: payments.ErrUnknown}
	r.press(fyne.KeyReturn)
	r.shows("Print a copy") // a part may have
	r.shows("No money moved")
}

func TestWithoutAPrinterTheWayToOneIsShown(t *testing.T) {
	r := open(t, &desk{refuse: &payments.Error{Code: "printer.none", Err: payments.ErrRefused}}, "")
	r.press(fyne.KeyReturn)
	for range 6 {
		if f, ok := r.window.Canvas().Focused().(fyne.Accessible); ok && f.AccessibilityLabel() == "Choose a printer" {
			break
		}
		r.window.Canvas().FocusNext()
	}
	r.press(fyne.KeyReturn)
	if r.setup != 1 || r.dialog.Shown() {
		t.Errorf("%d times shown, open: %t", r.setup, r.dialog.Shown())
	}
}

func TestAReceiptIsSavedAndMailed(t *testing.T) {
	r := open(t, &desk{}, "R1")
	r.window.Canvas().FocusNext()
	r.press(fyne.KeyReturn)
	r.desk.want(t, "receipt SALE R1", "save SALE R1")
	r.shows("Saved as")
	if diff := cmp.Diff([]string{"practice-frontdesk-refund-R1.pdf"}, r.files); diff != "" {
		t.Error(diff)
	}
	r.window.Canvas().FocusNext()
	r.press(fyne.KeyReturn)
	r.shows("Your mail program has the receipt.")
	if diff := cmp.Diff([]string{"mailto"}, r.mails); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsNotPaidHasNoReceipt(t *testing.T) {
	d := &desk{none: &payments.Error{Code: "receipt.unpaid", Err: payments.ErrRefused}}
	r := open(t, d, "")
	r.shows("There is no proven payment")
	r.dialog.Print()
	d.want(t, "receipt SALE ")
}
