package payments_test

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"frontdesk/app/text"
	"frontdesk/ui/screens/payments"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// Chips open sheets, and Up, Down and Enter choose in them.
func TestAFilterIsChosenWithTheKeyboard(t *testing.T) {
	a := test.NewTempApp(t)
	th, err := theme.New(theme.Config{Choice: theme.Light})
	if err != nil {
		t.Fatal(err)
	}
	a.Settings().SetTheme(th)
	w := a.NewWindow("list")
	t.Cleanup(w.Close)
	till, run, host := &late{}, &held{}, widgets.NewHost(w.Canvas())
	w.Canvas().SetOnTypedKey(func(e *fyne.KeyEvent) { host.Key(e) })
	s, err := payments.New(payments.Config{
		Till: till, Run: run, Text: text.New("en"), Now: now, Zone: time.UTC, Host: host,
		Devices: func() []payments.Named { return []payments.Named{{ID: "D1", Name: "Front counter"}} },
		People:  func() []payments.Named { return []payments.Named{{ID: "Nora", Name: "Nora"}, {ID: "Mia", Name: "Mia"}} },
	})
	if err != nil {
		t.Fatal(err)
	}
	w.SetContent(s.Content())
	w.Resize(fyne.NewSize(1192, 744))
	pick := func(chip string, keys ...fyne.KeyName) {
		t.Helper()
		for range 20 {
			w.Canvas().FocusNext()
			if f, ok := w.Canvas().Focused().(fyne.Accessible); ok && f.AccessibilityLabel() == chip {
				break
			}
		}
		for _, k := range append([]fyne.KeyName{fyne.KeyReturn}, keys...) {
			w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: k})
		}
		if w.Canvas().Overlays().Top() != nil {
			t.Fatalf("the sheet of %q stays", chip)
		}
	}
	pick("Any device", fyne.KeyDown, fyne.KeyReturn)
	pick("Any operator", fyne.KeyDown, fyne.KeyDown, fyne.KeyDown, fyne.KeyUp, fyne.KeyReturn)
	pick("Any way to pay", fyne.KeyDown, fyne.KeyEscape)
	pick("Today, 21 November", fyne.KeyDown, fyne.KeyReturn)
	run.release(len(run.work) - 1)
	q := till.asked[0]
	yesterday := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	if q.Device != "D1" || q.Operator != "Nora" || q.Rail != "" || !q.From.Equal(yesterday) || !q.To.Equal(yesterday.AddDate(0, 0, 1)) {
		t.Errorf("asked %+v", q)
	}
}
