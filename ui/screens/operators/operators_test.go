package operators_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"github.com/google/go-cmp/cmp"

	"frontdesk/app/operators"
	"frontdesk/app/text"
	"frontdesk/payments"
	screen "frontdesk/ui/screens/operators"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// book knows one PIN for everybody and remembers what it was asked.
type book struct {
	list  []operators.Operator
	pin   string
	wait  time.Duration
	code  string
	asked []string
	done  []string
	added operators.Operator
	reset time.Time
}

func refused(code string) error {
	return &payments.Error{Op: "test", Code: code, Err: errors.New("refused")}
}

func (b *book) List() []operators.Operator { return slices.Clone(b.list) }

func (b *book) Check(_ context.Context, id, pin string) (operators.Operator, error) {
	b.asked = append(b.asked, id+" "+pin)
	for _, o := range b.list {
		if o.ID == id && (!o.HasPIN || pin == b.pin) {
			return o, nil
		}
	}
	return operators.Operator{}, refused("operator.pin")
}

func (b *book) Wait(string) time.Duration { return b.wait }

func (b *book) Add(_ context.Context, by string, o operators.Operator) (operators.Operator, error) {
	b.done = append(b.done, "add "+by)
	o.ID = "NEW00000"
	b.added = o
	return o, b.fail()
}

func (b *book) Change(_ context.Context, by string, o operators.Operator) error {
	b.done = append(b.done, "change "+by)
	b.added = o
	return b.fail()
}

func (b *book) Remove(_ context.Context, by, id string) error {
	b.done = append(b.done, "remove "+by+" "+id)
	return b.fail()
}

func (b *book) SetPIN(_ context.Context, by, id, pin string) error {
	b.done = append(b.done, "pin "+by+" "+id+" "+pin)
	return b.fail()
}

func (b *book) ResetOwner(_ context.Context, key string) error {
	b.done = append(b.done, "reset "+key)
	if b.code == "" {
		b.list[0].HasPIN = false
	}
	return b.fail()
}

func (b *book) OwnerReset() time.Time { return b.reset }

func (b *book) fail() error {
	if b.code != "" {
		return refused(b.code)
	}
	return nil
}

type now struct{}

func (now) Go(w func(context.Context)) { w(context.Background()) }
func (now) Do(f func())                { f() }

type rig struct {
	t      *testing.T
	book   *book
	host   *widgets.Host
	window fyne.Window
	words  *text.Catalog
	here   string
}

func salon() *book {
	return &book{pin: "4711", list: []operators.Operator{
		{ID: "ELENA000", Name: "Elena", Owner: true, HasPIN: true},
		{ID: "NORA0000", Name: "Nora", Rights: operators.Receptionist(), HasPIN: true},
		{ID: "MILA0000", Name: "Mila", Rights: operators.Receptionist()},
	}}
}

func start(t *testing.T, b *book) *rig {
	t.Helper()
	a := test.NewTempApp(t)
	look, err := theme.New(theme.Config{Choice: theme.Light})
	if err != nil {
		t.Fatal(err)
	}
	a.Settings().SetTheme(look)
	r := &rig{t: t, book: b, window: test.NewTempWindow(t, widgets.NewSurface(widgets.Skin{})), words: text.New("en")}
	r.window.Resize(fyne.NewSize(1280, 800))
	r.host = widgets.NewHost(r.window.Canvas())
	return r
}

func (r *rig) ask(lock bool) *screen.Who {
	return screen.Ask(screen.WhoConfig{
		Text: r.words, Host: r.host, Run: now{}, Book: r.book, Rescue: r.book, Salon: "Mira", Current: "NORA0000", Lock: lock,
		Done: func(o operators.Operator) { r.here = o.Name },
	})
}

func (r *rig) section() *screen.Section {
	s := screen.NewSection(screen.SectionConfig{
		Text: r.words, Host: r.host, Run: now{}, Desk: r.book, By: "ELENA000", Currency: "EUR", Lock: func(int) {},
		Now: func() time.Time { return time.Date(2026, 11, 21, 14, 0, 0, 0, time.UTC) }, Date: func(t time.Time) string { return t.Format(time.DateOnly) },
	})
	r.window.SetContent(s.Content())
	return s
}

func (r *rig) walk(visit func(fyne.CanvasObject) bool) {
	root := r.window.Content()
	if o := r.window.Canvas().Overlays().Top(); o != nil {
		root = o
	}
	var down func(fyne.CanvasObject) bool
	down = func(o fyne.CanvasObject) bool {
		if o == nil || !o.Visible() {
			return false
		}
		if visit(o) {
			return true
		}
		switch part := o.(type) {
		case *fyne.Container:
			return slices.ContainsFunc(part.Objects, down)
		case fyne.Widget:
			return slices.ContainsFunc(test.WidgetRenderer(part).Objects(), down)
		}
		return false
	}
	down(root)
}

func (r *rig) press(name string) {
	r.t.Helper()
	found := false
	r.walk(func(o fyne.CanvasObject) bool {
		a, named := o.(fyne.Accessible)
		b, tappable := o.(fyne.Tappable)
		if found = named && tappable && a.AccessibilityLabel() == name; found {
			b.Tapped(&fyne.PointEvent{})
		}
		return found
	})
	if !found {
		r.t.Fatalf("nothing to press is called %q in:\n%s", name, r.all())
	}
}

func (r *rig) write(label, words string) {
	r.t.Helper()
	found := false
	r.walk(func(o fyne.CanvasObject) bool {
		f, ok := o.(*widgets.Field)
		if found = ok && f.AccessibilityLabel() == label; found {
			f.SetText(words)
		}
		return found
	})
	if !found {
		r.t.Fatalf("no field is called %q", label)
	}
}

func (r *rig) all() string {
	var b strings.Builder
	r.walk(func(o fyne.CanvasObject) bool {
		switch part := o.(type) {
		case *widgets.Paragraph:
			b.WriteString(part.Text() + "\n")
		case *canvas.Text:
			b.WriteString(part.Text + "\n")
		}
		return false
	})
	return b.String()
}

func (r *rig) shows(words string) {
	r.t.Helper()
	if !strings.Contains(r.all(), words) {
		r.t.Errorf("%q is not shown in:\n%s", words, r.all())
	}
}

// hit types into the focused part and presses keys on it.
func (r *rig) hit(digits string, keys ...fyne.KeyName) {
	r.t.Helper()
	f := r.window.Canvas().Focused()
	if f == nil {
		r.t.Fatal("nothing has the focus")
	}
	for _, d := range digits {
		f.TypedRune(d)
	}
	for _, k := range keys {
		f.TypedKey(&fyne.KeyEvent{Name: k})
	}
}

func TestPINByKeyboard(t *testing.T) {
	r := start(t, salon())
	w := r.ask(false)
	r.hit("123", fyne.KeyReturn) // too short to be asked for
	r.hit("4", fyne.KeyReturn)
	r.shows(r.words.Problem("operator.pin").What)
	r.hit("4711", fyne.KeyReturn)
	if diff := cmp.Diff([]string{"NORA0000 1234", "NORA0000 4711"}, r.book.asked); diff != "" {
		t.Error(diff)
	}
	if r.here != "Nora" || w.Open() {
		t.Errorf("%q is at the desk, the sheet is open: %v", r.here, w.Open())
	}
}

func TestPINByPadAndForSomebodyElse(t *testing.T) {
	r := start(t, salon())
	w := r.ask(false)
	r.host.Key(&fyne.KeyEvent{Name: fyne.KeyUp})
	for _, d := range []string{"4", "7", "9", r.words.T("operators.pin.back"), "1", "1"} {
		r.press(d)
	}
	r.press("Work as Elena")
	if r.here != "Elena" || w.Open() {
		t.Errorf("%q is at the desk", r.here)
	}
	w = r.ask(false)
	r.press("Mila") // has no PIN
	r.press("Work as Mila")
	if r.here != "Mila" || w.Open() {
		t.Errorf("%q is at the desk", r.here)
	}
}

func TestTheDelayIsCountedDown(t *testing.T) {
	r := start(t, salon())
	r.book.wait = 24 * time.Second
	w := r.ask(false)
	r.shows("Too many wrong PINs. Next try in 24 s.")
	w.TypedRune('1')
	r.host.Key(&fyne.KeyEvent{Name: fyne.KeyReturn})
	r.book.wait = 0
	w.Tick()
	r.shows("Type your PIN.")
	for _, d := range "4711" {
		w.TypedRune(d)
	}
	r.host.Key(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if diff := cmp.Diff([]string{"NORA0000 4711"}, r.book.asked); diff != "" {
		t.Errorf("a PIN was asked for in between:\n%s", diff)
	}
}

func TestALockStays(t *testing.T) {
	r := start(t, salon())
	w := r.ask(true)
	r.host.Key(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if !w.Locks() || !w.Open() {
		t.Error("Escape opened the lock")
	}
	r.shows("Mira")
	r.hit("4711", fyne.KeyReturn)
	if w.Locks() {
		t.Error("the PIN did not open it")
	}
}

func TestForgottenOwnerPIN(t *testing.T) {
	r := start(t, salon())
	r.book.code = "operator.twin"
	r.ask(true)
	r.host.Key(&fyne.KeyEvent{Name: fyne.KeyUp})
	r.press("Forgot the owner PIN")
	r.press("Take the PIN away")
	r.shows("Paste the key first.")
	r.write("Private key of Live", "canary-key")
	r.press("Take the PIN away")
	r.shows(r.words.Problem("operator.twin").What)
	r.book.code = ""
	r.press("Take the PIN away")
	r.shows("No PIN is set for this name.")
	r.press("Work as Elena")
	if r.here != "Elena" || !slices.Contains(r.book.done, "reset canary-key") {
		t.Errorf("%q is at the desk after %v", r.here, len(r.book.done))
	}
}

func TestAddSomebody(t *testing.T) {
	r := start(t, salon())
	r.section()
	r.press("Add somebody")
	r.press("Save")
	r.shows("A name is missing.")
	r.write("Name", " Ana ")
	r.press("Refund up to a limit, Off")
	r.press("Save")
	r.shows("The limit is missing.")
	for _, no := range []string{"twenty", "1.234", "1,234.50", "1 234", "20 EUR", "-20", "2e1", "٢٠"} {
		r.write("Limit in EUR", no)
		r.press("Save")
		r.shows("Type an amount, like 20 or 20,50.")
	}
	r.write("Limit in EUR", "20")
	r.press("Save")
	want := operators.Operator{
		ID: "NEW00000", Name: "Ana", Rights: append(operators.Receptionist(), operators.RefundUpTo), Limit: 2000, In: "EUR",
	}
	if diff := cmp.Diff(want, r.book.added); diff != "" {
		t.Error(diff)
	}
	r.shows("PIN of Ana") // asked for at once
	r.hit("1234", fyne.KeyReturn)
	r.hit("1235", fyne.KeyReturn)
	r.shows("These were two different PINs. Begin again.")
	r.hit("90210", fyne.KeyReturn)
	r.hit("90210", fyne.KeyReturn)
	if diff := cmp.Diff([]string{"add ELENA000", "pin ELENA000 NEW00000 90210"}, r.book.done); diff != "" {
		t.Error(diff)
	}
	if r.host.Top() != nil {
		t.Error("the sheet stays")
	}
}

func TestOwnersHaveEveryRight(t *testing.T) {
	r := start(t, salon())
	r.section()
	r.press("Change Nora")
	r.press("Owner, Off")
	r.press("Settings, On, Owners have this anyway.")
	r.press("Save")
	if !r.book.added.Owner || len(r.book.added.Rights) != len(operators.Receptionist()) {
		t.Errorf("saved as %+v", r.book.added)
	}
}

func TestRemoveAsks(t *testing.T) {
	r := start(t, salon())
	r.section()
	r.press("Change Mila")
	r.press("Remove…")
	r.press("Keep")
	r.press("Remove…")
	r.press("Remove Mila")
	if diff := cmp.Diff([]string{"remove ELENA000 MILA0000"}, r.book.done); diff != "" {
		t.Error(diff)
	}
	r.book.code = "operator.last"
	r.press("Change Elena")
	r.press("Remove…")
	r.press("Remove Elena")
	r.shows(r.words.Problem("operator.last").What)
}

func TestAResetIsToldForAWeek(t *testing.T) {
	b := salon()
	at := time.Date(2026, 11, 21, 14, 0, 0, 0, time.UTC)
	for age, want := range map[time.Duration]bool{time.Hour: true, 167 * time.Hour: true, 169 * time.Hour: false} {
		b.reset = at.Add(-age)
		if got := screen.ResetShown(b, at); got != want {
			t.Errorf("after %v: %v", age, got)
		}
	}
	b.reset = time.Time{}
	if screen.ResetShown(b, at) {
		t.Error("a reset that never was is told")
	}
}
