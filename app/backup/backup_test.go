package backup_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"frontdesk/app"
	"frontdesk/app/backup"
	"frontdesk/app/folder"
	"frontdesk/app/journal"
	"frontdesk/payments"
	"frontdesk/payments/money"
)

// desk is a data folder with a journal in Practice and a clock set by hand.
type desk struct {
	t   *testing.T
	dir string
	now time.Time
}

func newDesk(t *testing.T) *desk {
	d := &desk{t: t, dir: t.TempDir(), now: time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)}
	d.must(os.MkdirAll(filepath.Join(d.dir, "practice"), 0o700))
	d.must(folder.Replace(filepath.Join(d.dir, "settings.json"), []byte(`{"salon":"Ana"}`)))
	d.must(folder.Replace(filepath.Join(d.dir, "practice", "devices.json"), []byte(`{}`)))
	return d
}

func (d *desk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) journal() *journal.Journal {
	d.t.Helper()
	j, err := journal.Open(d.t.Context(), journal.Config{Dir: filepath.Join(d.dir, "practice"), Entropy: rand.Reader})
	d.must(err)
	return j
}

// sell writes a sale into the journal and closes it again.
func (d *desk) sell(n int) {
	d.t.Helper()
	j := d.journal()
	_, err := j.Append(d.t.Context(), []app.Event{{
		Sale: app.SaleID(fmt.Sprintf("SALE%012d", n)), Source: app.FromDesk, Kind: app.SaleOpened,
		Amount: money.Amount{Minor: 4500, Currency: "EUR"}, Wall: d.now, Data: []byte(`{"lines":[]}`),
	}}, nil)
	d.must(err)
	d.must(j.Close())
}

func (d *desk) config(j backup.Copier) backup.Config {
	return backup.Config{Dir: d.dir, Mode: payments.Practice, Journal: j, Now: func() time.Time { return d.now }, Zone: time.UTC}
}

func (d *desk) make() backup.Backup {
	d.t.Helper()
	j := d.journal()
	b, err := d.config(j).Make(d.t.Context())
	d.must(err)
	d.must(j.Close())
	return b
}

// events counts the lines of the journal in force.
func (d *desk) events() int64 {
	d.t.Helper()
	j := d.journal()
	v, err := j.Verify(d.t.Context())
	d.must(err)
	d.must(j.Close())
	if v.Bad != 0 {
		d.t.Fatalf("the journal is damaged: %+v", v)
	}
	return v.Events
}

func TestACopyOfEachDay(t *testing.T) {
	d := newDesk(t)
	d.sell(1)
	if !d.config(nil).Due() {
		t.Error("no copy yet, and none is due")
	}
	first := d.make()
	if d.config(nil).Due() {
		t.Error("a copy was made, and one is due")
	}
	d.sell(2)
	second := d.make() // the same day again: replaced
	if first.Path != second.Path || filepath.Base(first.Path) != "2026-11-21" {
		t.Errorf("%v, then %v", first, second)
	}
	names, err := filepath.Glob(filepath.Join(first.Path, "*"))
	d.must(err)
	for i := range names {
		names[i] = filepath.Base(names[i])
	}
	if want := []string{"devices.json", "journal.db", "settings.json"}; !slices.Equal(names, want) {
		t.Errorf("the copy holds %v, want %v", names, want)
	}
	v, err := journal.Check(t.Context(), filepath.Join(first.Path, "journal.db"))
	if err != nil || v.Events != 2 {
		t.Errorf("%+v %v", v, err)
	}
	d.now = d.now.Add(12 * time.Hour)
	if !d.config(nil).Due() {
		t.Error("a new day, and no copy is due")
	}
}

// stub is a journal of which a copy costs nothing.
type stub struct{}

func (stub) Copy(_ context.Context, path string) error { return os.WriteFile(path, nil, 0o600) }

func TestSevenDaysAndEightWeeksAreKept(t *testing.T) {
	d := newDesk(t)
	d.sell(1)
	d.now = time.Date(2026, 8, 3, 12, 0, 0, 0, time.UTC) // a Monday
	for range 112 {
		if _, err := d.config(stub{}).Make(t.Context()); err != nil {
			t.Fatal(err)
		}
		d.now = d.now.Add(24 * time.Hour)
	}
	list, err := d.config(nil).List()
	d.must(err)
	var days []string
	for _, b := range list {
		days = append(days, b.Day.Format("01-02"))
	}
	// 22 November is a Sunday: its whole week, and the Sundays of seven weeks before.
	want := "11-22 11-21 11-20 11-19 11-18 11-17 11-16 11-15 11-08 11-01 10-25 10-18 10-11 10-04"
	if got := strings.Join(days, " "); got != want {
		t.Errorf("kept %s\nwant %s", got, want)
	}
}

func TestRestore(t *testing.T) {
	d := newDesk(t)
	d.sell(1)
	b := d.make()
	d.sell(2)
	d.must(os.Remove(filepath.Join(d.dir, "settings.json")))
	d.must(folder.Replace(filepath.Join(d.dir, "practice", "devices.json"), []byte(`{"newer":1}`)))
	done, err := d.config(nil).Restore(t.Context(), b.Path)
	d.must(err)
	if done.Events != 1 || d.events() != 1 {
		t.Errorf("restored %+v, %d events in force", done, d.events())
	}
	v, err := journal.Check(t.Context(), filepath.Join(done.Aside, "journal.db"))
	if err != nil || v.Events != 2 {
		t.Errorf("what was there before: %+v %v", v, err)
	}
	for name, want := range map[string]string{"settings.json": `{"salon":"Ana"}`, "practice/devices.json": `{"newer":1}`} {
		if raw, err := os.ReadFile(filepath.Join(d.dir, name)); err != nil || string(raw) != want {
			t.Errorf("%s: %s %v, want %s", name, raw, err, want)
		}
	}
	d.sell(3) // life goes on
	if n := d.events(); n != 2 {
		t.Errorf("%d events", n)
	}
}

// What one restore has set aside is not written over by the next, however quickly
// it follows: the newest journal lies in the first folder.
func TestRestoreTwiceKeepsBothAside(t *testing.T) {
	d := newDesk(t)
	d.sell(1)
	b := d.make()
	d.sell(2)
	first, err := d.config(nil).Restore(t.Context(), b.Path)
	d.must(err)
	second, err := d.config(nil).Restore(t.Context(), b.Path)
	d.must(err)
	for aside, want := range map[string]int64{first.Aside: 2, second.Aside: 1} {
		if v, err := journal.Check(t.Context(), filepath.Join(aside, "journal.db")); err != nil || v.Events != want {
			t.Errorf("%s: %+v %v, want %d events", aside, v, err, want)
		}
	}
}

// A copy of another mode is not put in force: on a new computer, where nothing is
// set up yet, real sales would become those of Practice.
func TestACopyOfAnotherModeIsRefused(t *testing.T) {
	for order, code := range map[string]string{"PTESTTESTTESTTESTTES": "", "LTESTTESTTESTTESTTES": "backup.mode", "TTESTTESTTESTTESTTES": "backup.mode"} {
		d := newDesk(t)
		d.sell(1)
		intent, err := json.Marshal(app.IntentData{Rail: payments.RailLink, OrderID: order})
		d.must(err)
		j := d.journal()
		_, err = j.Append(t.Context(), []app.Event{{
			Sale: "SALE000000000001", Attempt: "ATTEMPT000000001", Source: app.FromDesk, Kind: app.AttemptIntended,
			Amount: money.Amount{Minor: 4500, Currency: "EUR"}, Wall: d.now, Data: intent,
		}}, nil)
		d.must(errors.Join(err, j.Close()))
		b := d.make()
		d.sell(2)
		if _, err := d.config(nil).Restore(t.Context(), b.Path); payments.CodeOf(err) != code {
			t.Errorf("%s: %v, want %q", order, err, code)
		}
		if want := int64(2); code == "" && d.events() != want || code != "" && d.events() == want {
			t.Errorf("%s: %d events", order, d.events())
		}
	}
}

// A damaged journal can be replaced; a log that it left is not applied to the
// new one; what is restored must itself be sound.
// A copy that was taken before words were erased does not bring them back.
func TestRestoreKeepsErasedWordsErased(t *testing.T) {
	d := newDesk(t)
	put := func(events ...app.Event) {
		t.Helper()
		j := d.journal()
		_, err := j.Append(t.Context(), events, nil)
		d.must(errors.Join(err, j.Close()))
	}
	opened := func(n int) app.Event {
		return app.Event{
			Sale: app.SaleID(fmt.Sprintf("SALE%012d", n)), Source: app.FromDesk, Kind: app.SaleOpened,
			Amount: money.Amount{Minor: 4500, Currency: "EUR"}, Wall: d.now, Data: []byte(`{"client":"Zwetelina","lines":[]}`),
		}
	}
	put(opened(1), opened(2))
	b := d.make()
	put(app.Event{Sale: opened(1).Sale, Source: app.FromOperator, Kind: app.WordsErased, Reference: "e1", Operator: "Nora", Wall: d.now})
	put(opened(3))
	done, err := d.config(nil).Restore(t.Context(), b.Path)
	d.must(err)
	j := d.journal()
	defer func() { d.must(j.Close()) }()
	for n, want := range map[int]string{1: "", 2: "Zwetelina"} {
		events, err := j.Sale(t.Context(), opened(n).Sale)
		d.must(err)
		if s := app.Fold(events); s.Client != want || s.Amount.Minor != 4500 || s.Erased.IsZero() != (n == 2) {
			t.Errorf("sale %d is %+v", n, s)
		}
	}
	if found, err := j.Sales(t.Context(), app.Query{Text: "zwetelina"}); err != nil || len(found) != 1 {
		t.Errorf("%d found, %v", len(found), err)
	}
	if v, err := j.Verify(t.Context()); err != nil || v.Bad != 0 || v.Events != 3 {
		t.Errorf("%+v, %v", v, err)
	}
	if v, err := journal.Check(t.Context(), filepath.Join(done.Aside, "journal.db")); err != nil || v.Events != 4 {
		t.Errorf("what was there before: %+v, %v", v, err)
	}
}

func TestRestoreOverDamage(t *testing.T) {
	d := newDesk(t)
	d.sell(1)
	b := d.make()
	d.sell(2)
	path := filepath.Join(d.dir, "practice", "journal.db")
	d.must(os.WriteFile(path, []byte("rubbish"), 0o600))
	d.must(os.WriteFile(path+"-wal", []byte("a log of the old one"), 0o600))
	done, err := d.config(nil).Restore(t.Context(), b.Path)
	d.must(err)
	if d.events() != 1 {
		t.Error("the copy is not in force")
	}
	if raw, err := os.ReadFile(filepath.Join(done.Aside, "journal.db")); err != nil || string(raw) != "rubbish" {
		t.Errorf("what was there is not aside: %q %v", raw, err)
	}
	copied := filepath.Join(b.Path, "journal.db")
	raw, err := os.ReadFile(copied)
	d.must(err)
	d.must(os.WriteFile(copied, raw[:len(raw)/2], 0o600))
	if _, err := d.config(nil).Restore(t.Context(), b.Path); payments.CodeOf(err) != "backup.damaged" {
		t.Errorf("a damaged copy: %v", err)
	}
	if _, err := d.config(nil).Restore(t.Context(), filepath.Join(d.dir, "nowhere")); payments.CodeOf(err) != "backup.none" {
		t.Errorf("no copy: %v", err)
	}
	if d.events() != 1 {
		t.Error("a refused restore changed the journal")
	}
}

// What cannot be finished leaves the copy of before.
// A journal that is gone, or was cut to nothing, is not begun anew beside its
// copies: what was sold would be forgotten without a word.
func TestALostJournalIsNotBegunAnew(t *testing.T) {
	for name, lose := range map[string]func(string) error{"gone": os.Remove, "empty": func(path string) error { return os.Truncate(path, 0) }} {
		d := newDesk(t)
		d.sell(1)
		b := d.make()
		d.must(lose(filepath.Join(d.dir, "practice", "journal.db")))
		_, err := journal.Open(t.Context(), journal.Config{Dir: filepath.Join(d.dir, "practice")})
		if !errors.Is(err, journal.ErrCorrupt) || payments.CodeOf(err) != "journal.corrupt" {
			t.Errorf("%s: opened, %v", name, err)
		}
		if _, err := d.config(nil).Restore(t.Context(), b.Path); err != nil || d.events() != 1 {
			t.Errorf("%s: restored, %v", name, err)
		}
	}
}

func TestMakeThatFails(t *testing.T) {
	d := newDesk(t)
	d.sell(1)
	b := d.make()
	d.must(os.Remove(filepath.Join(d.dir, "settings.json")))
	d.must(os.Mkdir(filepath.Join(d.dir, "settings.json"), 0o700)) // cannot be read as a file
	j := d.journal()
	defer j.Close()
	if _, err := d.config(j).Make(t.Context()); payments.CodeOf(err) != "backup.failed" {
		t.Errorf("%v", err)
	}
	if v, err := journal.Check(t.Context(), filepath.Join(b.Path, "journal.db")); err != nil || v.Events != 1 {
		t.Errorf("the copy of before: %+v %v", v, err)
	}
	list, err := d.config(nil).List()
	if err != nil || len(list) != 1 {
		t.Errorf("%v %v", list, err)
	}
}
