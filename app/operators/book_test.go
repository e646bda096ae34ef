package operators_test

import (
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"frontdesk/app/operators"
	"frontdesk/payments"
	"frontdesk/payments/money"
)

// desk is a book over a folder with a clock that is set by hand.
type desk struct {
	t   *testing.T
	dir string
	now time.Time
}

func newDesk(t *testing.T) *desk {
	return &desk{t: t, dir: t.TempDir(), now: time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)}
}

// open reads the book as after a restart.
func (d *desk) open() *operators.Book {
	d.t.Helper()
	b, err := operators.Open(operators.Config{
		Dir: d.dir, Now: func() time.Time { return d.now }, Entropy: rand.Reader,
		Cost: operators.Cost{Time: 1, Memory: 64, Threads: 1},
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return b
}

func (d *desk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) want(code string, err error) {
	d.t.Helper()
	if got := payments.CodeOf(err); got != code || code != "" && !errors.Is(err, payments.ErrRefused) {
		d.t.Errorf("got %v, want code %q", err, code)
	}
}

func euros(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: "EUR"} }

func TestBeforeAnybodyIsEntered(t *testing.T) {
	d := newDesk(t)
	b := d.open()
	list := b.List()
	if len(list) != 1 || !list[0].Owner || list[0].HasPIN || list[0].Name != operators.FirstName {
		t.Fatalf("list %+v", list)
	}
	for _, r := range []operators.Right{operators.Charge, operators.RefundAny, operators.Settings, operators.Resolve} {
		d.want("", b.In(payments.Practice).Allow(t.Context(), "", "", r, euros(100)))
	}
	d.want("operator.pin_unset", b.In(payments.Live).Allow(t.Context(), "", "", operators.RefundAny, euros(100)))
	if left, _ := filepath.Glob(filepath.Join(d.dir, "*")); len(left) != 0 {
		t.Errorf("reading made files: %v", left)
	}
}

func TestRights(t *testing.T) {
	d := newDesk(t)
	b := d.open()
	d.must(b.SetPIN(t.Context(), operators.FirstOwner, "2580"))
	mia, err := b.Add(operators.Operator{Name: " Mia ", Rights: operators.Receptionist()})
	d.must(err)
	lea, err := b.Add(operators.Operator{Name: "Lea", Rights: append(operators.Receptionist(), operators.RefundUpTo), Limit: 5000, In: "EUR"})
	d.must(err)
	d.must(b.SetPIN(t.Context(), lea.ID, "9713"))
	if mia.Name != "Mia" || mia.ID == lea.ID || len(mia.ID) != 8 {
		t.Fatalf("added %+v and %+v", mia, lea)
	}
	b = d.open() // all of it survives a restart
	for _, c := range []struct {
		who, pin string
		right    operators.Right
		amount   money.Amount
		code     string
	}{
		{mia.ID, "", operators.Charge, euros(1), ""},
		{"mia", "", operators.Cancel, euros(1), ""},
		{mia.ID, "", operators.RefundAny, euros(1), "operator.right"},
		{mia.ID, "", operators.Settings, euros(0), "operator.right"},
		{mia.ID, "", operators.CloseDay, euros(0), "operator.right"},
		{mia.ID, "", operators.Export, euros(0), "operator.right"},
		{mia.ID, "", operators.Resolve, euros(0), "operator.right"},
		{mia.ID, "", operators.ChargeUnknown, euros(0), "operator.right"},
		{lea.ID, "", operators.RefundAny, euros(5000), "operator.pin_needed"},
		{lea.ID, "9713", operators.RefundAny, euros(5000), ""},
		{"Lea", "9713", operators.RefundUpTo, euros(5000), ""},
		{lea.ID, "9713", operators.RefundAny, euros(5001), "operator.limit"},
		{lea.ID, "9713", operators.RefundAny, money.Amount{Minor: 100, Currency: "GBP"}, "operator.limit"},
		{lea.ID, "9714", operators.RefundAny, euros(100), "operator.pin"},
		{operators.FirstOwner, "2580", operators.RefundAny, euros(99999999), ""},
		{"", "2580", operators.Settings, euros(0), ""},
		{"Nobody", "", operators.Charge, euros(1), "operator.missing"},
	} {
		err := b.In(payments.Live).Allow(t.Context(), c.who, c.pin, c.right, c.amount)
		if got := payments.CodeOf(err); got != c.code {
			t.Errorf("%s %s %v: %q, want %q", c.who, c.right, c.amount, got, c.code)
		}
	}
}

func TestWhatIsRefused(t *testing.T) {
	d := newDesk(t)
	b := d.open()
	mia, err := b.Add(operators.Operator{Name: "Mia", Rights: operators.Receptionist()})
	d.must(err)
	add := func(name string) error {
		_, err := b.Add(operators.Operator{Name: name})
		return err
	}
	d.want("operator.name", add(""))
	d.want("operator.name", add(" \t"))
	d.want("operator.name", add("a\nb"))
	d.want("operator.name", add("\xff\xfe"))
	d.want("operator.name", add(strings.Repeat("ж", 41)))
	d.want("operator.twin", add("mIA"))
	d.want("operator.last", b.Remove(operators.FirstOwner))
	d.want("operator.last", b.Change(operators.Operator{ID: operators.FirstOwner, Name: "Ana"}))
	d.want("operator.missing", b.Remove("XXXXXXXX"))
	for digits, code := range map[string]string{
		"123": "operator.pin_shape", "123456789": "operator.pin_shape", "12a4": "operator.pin_shape", "١٢٣٤": "operator.pin_shape",
		"0000": "operator.pin_simple", "1234": "operator.pin_simple", "9876": "operator.pin_simple", "1357": "",
	} {
		d.want(code, b.SetPIN(t.Context(), mia.ID, digits))
	}
	d.must(b.Remove(mia.ID))
	if got := d.open().Name(mia.ID); got != "Mia" {
		t.Errorf("the name of somebody who left: %q", got)
	}
	d.want("operator.missing", b.SetPIN(t.Context(), mia.ID, "1357"))
	d.must(add("Mia")) // the name is free again
}

// Wrong PINs make the next one wait, longer each time, across restarts and
// whatever the clock does; a right one clears that.
func TestTheDelayGrows(t *testing.T) {
	d := newDesk(t)
	b := d.open()
	d.must(b.SetPIN(t.Context(), operators.FirstOwner, "2580"))
	check := func(digits string) error {
		_, err := d.open().Check(t.Context(), operators.FirstOwner, digits)
		return err
	}
	for range 3 {
		d.want("operator.pin", check("0852"))
	}
	var waits []time.Duration
	for range 9 {
		d.want("operator.wait", check("2580")) // the right one must wait as well
		wait := d.open().Wait(operators.FirstOwner)
		waits = append(waits, wait)
		d.now = d.now.Add(wait - time.Second)
		d.want("operator.wait", check("2580"))
		d.now = d.now.Add(time.Second)
		d.want("operator.pin", check("0852"))
	}
	if waits[0] != 15*time.Second || waits[1] != 30*time.Second || waits[8] != 15*time.Minute {
		t.Errorf("waits %v", waits)
	}
	d.now = d.now.Add(-48 * time.Hour)
	if wait := d.open().Wait(operators.FirstOwner); wait != 15*time.Minute {
		t.Errorf("after the clock was set back: %v", wait)
	}
	d.now = d.now.Add(72 * time.Hour)
	d.want("", check("2580"))
	d.want("operator.pin", check("0852"))
	if wait := d.open().Wait(operators.FirstOwner); wait != 0 {
		t.Errorf("a right PIN did not clear the delay: %v", wait)
	}
}

// A clock that was ahead when the PIN was wrong, and is right again, locks nobody
// out for longer than the delay itself, whatever is restarted meanwhile.
func TestADelayDoesNotWaitForTheClock(t *testing.T) {
	d := newDesk(t)
	d.must(d.open().SetPIN(t.Context(), operators.FirstOwner, "2580"))
	for range 3 {
		_, err := d.open().Check(t.Context(), operators.FirstOwner, "0852")
		d.want("operator.pin", err)
	}
	d.now = d.now.Add(-48 * time.Hour)
	_, err := d.open().Check(t.Context(), operators.FirstOwner, "2580")
	d.want("operator.wait", err)
	d.now = d.now.Add(14 * time.Second)
	_, err = d.open().Check(t.Context(), operators.FirstOwner, "2580")
	d.want("operator.wait", err)
	d.now = d.now.Add(time.Second)
	_, err = d.open().Check(t.Context(), operators.FirstOwner, "2580")
	d.must(err)
}

// A screen that only looks at the delay sees it pass, too.
func TestADelayThatIsLookedAtPasses(t *testing.T) {
	d := newDesk(t)
	b := d.open()
	d.must(b.SetPIN(t.Context(), operators.FirstOwner, "2580"))
	for range 3 {
		_, err := b.Check(t.Context(), operators.FirstOwner, "0852")
		d.want("operator.pin", err)
	}
	d.now = d.now.Add(-48 * time.Hour)
	for left := 15 * time.Second; left >= 0; left -= 5 * time.Second {
		if got := b.Wait(operators.FirstOwner); got != left {
			t.Errorf("waits %v, want %v", got, left)
		}
		d.now = d.now.Add(5 * time.Second)
	}
}

func TestForgottenPIN(t *testing.T) {
	d := newDesk(t)
	b := d.open()
	d.must(b.SetPIN(t.Context(), operators.FirstOwner, "2580"))
	d.must(b.ResetOwners())
	b = d.open()
	if !b.OwnerReset().Equal(d.now) || b.List()[0].HasPIN {
		t.Errorf("reset %v, %+v", b.OwnerReset(), b.List()[0])
	}
	d.want("operator.pin_unset", b.In(payments.Live).Allow(t.Context(), "", "", operators.RefundAny, euros(1)))
}

// A try is counted although the program ends before the answer, and a disk that
// is full gives no free tries.
func TestATryIsCountedFirst(t *testing.T) {
	d := newDesk(t)
	b := d.open()
	d.must(b.SetPIN(t.Context(), operators.FirstOwner, "2580"))
	blocked := filepath.Join(d.dir, "operators.json.new")
	d.must(os.Mkdir(blocked, 0o700))
	for _, digits := range []string{"2580", "0852"} {
		if _, err := b.Check(t.Context(), operators.FirstOwner, digits); payments.CodeOf(err) != "operator.store" {
			t.Errorf("%s on a full disk: %v", digits, err)
		}
	}
	d.must(os.Remove(blocked))
	if _, err := b.Check(t.Context(), operators.FirstOwner, "2580"); err != nil {
		t.Error(err)
	}
}

func TestFilesThatCannotBeRead(t *testing.T) {
	for name, raw := range map[string]string{
		"garbage": "{", "newer": `{"version":99,"operators":[]}`,
		"nobody": `{"version":1,"operators":[{"id":"A","name":"B","removed":"2026-01-01T00:00:00Z"}]}`,
	} {
		dir := t.TempDir()
		path := filepath.Join(dir, "operators.json")
		if err := os.WriteFile(path, []byte(raw), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := operators.Open(operators.Config{Dir: dir, Now: time.Now, Entropy: rand.Reader})
		if payments.CodeOf(err) != "operator.store" {
			t.Errorf("%s: %v", name, err)
		}
		if now, _ := os.ReadFile(path); string(now) != raw {
			t.Errorf("%s: the file was touched", name)
		}
	}
}

// Nothing on the disk lets a PIN be read.
func TestPINsAreNotOnDisk(t *testing.T) {
	d := newDesk(t)
	d.must(d.open().SetPIN(t.Context(), operators.FirstOwner, "25803691"))
	raw, err := os.ReadFile(filepath.Join(d.dir, "operators.json"))
	if err != nil || strings.Contains(string(raw), "25803691") {
		t.Errorf("%v\n%s", err, raw)
	}
}

// TestWhatIsWrittenDown: the name as it stands in the book, however somebody was
// called, and that of the owner for whoever stands for the desk.
func TestWhatIsWrittenDown(t *testing.T) {
	d := newDesk(t)
	b := d.open()
	mia, err := b.Add(operators.Operator{Name: "Mia", Rights: operators.Receptionist()})
	d.must(err)
	gate := b.In(payments.Live)
	for who, want := range map[string]string{mia.ID: "Mia", "Mia": "Mia", " mIA ": "Mia", "": "Owner", "Nobody": "Nobody"} {
		if got := gate.Name(who); got != want {
			t.Errorf("%q is written down as %q, want %q", who, got, want)
		}
	}
	owner := b.List()[0]
	owner.Name = "Ana"
	d.must(b.Change(owner))
	if got := gate.Name(""); got != "Ana" {
		t.Errorf("the owner is written down as %q", got)
	}
}
