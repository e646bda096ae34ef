package simulator

import (
	"bytes"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"frontdesk/payments/checkout"
)

func TestTruthSurvivesARestart(t *testing.T) {
	r := newRig(t)
	r.charge("P1", "45.00")
	path := r.open(r.form("P2", "10.00"))
	r.card(path, panDeclined)
	r.shop.answers(refuses(checkout.MethodNotify))
	r.charge("P3", "7.00")
	before := r.sim.Truth()
	r.stop()
	r.shop.answers(ok)
	r.start()
	if d := cmp.Diff(before, r.sim.Truth()); d != "" {
		t.Error(d)
	}
	if got := r.result(r.card(path, panApproved)); got.stage != "paid" {
		t.Errorf("a page from before the restart: %+v", got)
	}
	if refs := references(r.sim.Truth()); len(slices.Compact(refs)) != 3 {
		t.Errorf("references: %v", refs)
	}
}

func references(t Truth) []string {
	var refs []string
	for _, p := range t.Payments {
		refs = append(refs, p.Reference)
	}
	slices.Sort(refs)
	return refs
}

func TestOneWriter(t *testing.T) {
	r := newRig(t)
	if _, err := Open(r.config()); !errors.Is(err, ErrLocked) {
		t.Errorf("second Open: %v", err)
	}
	r.stop()
	r.start()
}

func TestDamage(t *testing.T) {
	r := newRig(t)
	r.charge("P1", "45.00")
	r.stop()
	good, err := os.ReadFile(r.state())
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.SplitAfter(good, []byte("\n"))
	for name, c := range map[string]struct {
		data []byte
		want error
	}{
		"middle":     {bytes.Replace(good, []byte(`"opened"`), []byte(`"open\x00d"`), 1), ErrDamaged},
		"no header":  {good[len(lines[0]):], ErrDamaged},
		"two starts": {append(slices.Clone(lines[0]), good...), ErrDamaged},
		"newer":      {[]byte(`{"kind":"begin","version":2}` + "\n"), ErrNewer},
		"other file": {[]byte("some notes\nand more\n"), ErrDamaged},
		"order":      {append(slices.Clone(lines[0]), lines[2]...), ErrDamaged},
		"twice":      {append(slices.Clone(good), lines[2]...), ErrDamaged},
		"strange":    {append(slices.Clone(good), `{"kind":"gift"}`+"\n"...), ErrDamaged},
	} {
		if err := os.WriteFile(r.state(), c.data, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(r.config()); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if got, err := os.ReadFile(r.state()); err != nil || !bytes.Equal(got, c.data) {
			t.Errorf("%s: the file was changed: %v", name, err)
		}
	}
}

func TestKeysAreOfThisStore(t *testing.T) {
	r := newRig(t)
	r.charge("P1", "45.00")
	r.stop()
	c := r.config()
	c.Store = Store{SID: "1", Wallet: "2", KeyIndex: 1}
	if _, err := Open(c); !errors.Is(err, ErrOtherStore) {
		t.Errorf("other store: %v", err)
	}
	if err := os.WriteFile(r.state()+".keys", []byte(`{"version":9}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(r.config()); !errors.Is(err, ErrNewer) {
		t.Errorf("newer: %v", err)
	}
	if err := os.WriteFile(r.state()+".keys", []byte(`{`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(r.config()); !errors.Is(err, ErrDamaged) {
		t.Errorf("damaged: %v", err)
	}
	if err := os.Remove(r.state() + ".keys"); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(r.config()); !errors.Is(err, ErrDamaged) {
		t.Errorf("missing: %v", err)
	}
	if _, err := Open(Config{}); err == nil {
		t.Error("a Config without anything opens")
	}
}

func TestDrawnStoreIsKept(t *testing.T) {
	r := newRig(t)
	if s := r.store; len(s.SID) != 15 || len(s.Wallet) != 11 || s.KeyIndex != 1 || s.Key.Bits() != 2048 {
		t.Errorf("store: %s %s %d, %d bits", s.SID, s.Wallet, s.KeyIndex, s.Key.Bits())
	}
	if r.sim.keys.provider.Bits() != 2048 || !r.store.Certificate.Certifies(r.sim.keys.provider) ||
		!r.sim.keys.merchant.Certifies(r.store.Key) {
		t.Error("keys and certificates do not belong together")
	}
	before, err := r.sim.Pack()
	if err != nil {
		t.Fatal(err)
	}
	r.stop()
	r.start()
	if after, err := r.sim.Pack(); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the pack changed: %v", err)
	}
}

// A disk that refuses is never answered for, and nothing is posted.
func TestDiskThatRefuses(t *testing.T) {
	r := newRig(t)
	path := r.open(r.form("P1", "45.00"))
	if err := r.sim.ledger.file.Close(); err != nil {
		t.Fatal(err)
	}
	for _, w := range []int{
		r.post("/vmp/checkout", r.form("P2", "45.00")).Code,
		r.card(path, panApproved).Code,
		r.card(path, panDeclined).Code,
		r.submit(path+"/cancel", nil).Code,
	} {
		if w != http.StatusServiceUnavailable {
			t.Errorf("answered with %d", w)
		}
	}
	if len(r.sim.Truth().Payments) != 0 || r.shop.methods() != "" {
		t.Error("something happened that is not on disk")
	}
	if err := r.sim.Close(); !errors.Is(err, os.ErrClosed) {
		t.Errorf("Close: %v", err)
	}
}

// A crash after every byte of the state file: the next start tells the torn
// line, and in the end truth and notices say the same about every payment.
func TestCrashAtEveryByte(t *testing.T) {
	whole := crashScript(t)
	begin := bytes.IndexByte(whole, '\n') + 1
	for cut := begin; cut <= len(whole); cut++ {
		// Between line ends every cut is the same torn line; try some.
		if near := bytes.IndexByte(whole[max(begin, cut-2):min(len(whole), cut+2)], '\n') >= 0; !near && cut%61 != 0 {
			continue
		}
		synctest.Test(t, func(t *testing.T) { crashAt(t, whole[:cut]) })
	}
}

// crashScript is the state file of charges that ended in all ways.
func crashScript(t *testing.T) []byte {
	r := newRig(t)
	r.charge("P1", "45.00")
	path := r.open(r.form("P2", "10.00"))
	r.card(path, panDeclined)
	r.card(path, panApproved)
	r.shop.answers(refuses(checkout.MethodNotify))
	r.charge("P3", "7.00")
	r.stop()
	data, err := os.ReadFile(r.state())
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// crashAt starts from what a crash left. The merchant is still starting up.
func crashAt(t *testing.T, data []byte) {
	r := &rig{t: t, dir: t.TempDir(), shop: &shop{}}
	keys, err := keyBytes()
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{"state": data, "state.keys": keys} {
		if err := os.WriteFile(filepath.Join(r.dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	refusing := refuses(checkout.MethodNotify)
	r.shop.answer = func(m checkout.Message, n int) (*http.Response, error) {
		switch {
		case n == 1:
			return unreachable(m, n)
		case m.OrderID == "P3":
			return refusing(m, n)
		}
		return ok(m, n)
	}
	r.start()
	if torn := len(data) - bytes.LastIndexByte(data, '\n') - 1; r.sim.Truth().Torn != torn {
		t.Errorf("cut at %d: torn %d, told %d", len(data), torn, r.sim.Truth().Torn)
	}
	time.Sleep(time.Minute)
	synctest.Wait()
	for _, p := range r.sim.Truth().Payments {
		want := StateApproved
		if p.OrderID == "P3" {
			want = StateReversed
		}
		if p.State != want || p.Notified != (want == StateApproved) {
			t.Errorf("cut at %d: %+v", len(data), p)
		}
	}
	for _, v := range r.sim.Truth().Reversals {
		if !v.Told {
			t.Errorf("cut at %d: rollback of %s was not told", len(data), v.OrderID)
		}
	}
	r.stop()
}

// A merchant that stays away gets its money back to the customer, and hears of
// it at a later start.
func TestMerchantStaysAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		path := r.open(r.form("P1", "45.00"))
		r.faults(Fault{Kind: NotifySlow, Delay: 5_000})
		go r.card(path, panApproved)
		time.Sleep(time.Second)
		synctest.Wait()
		r.shop.answers(unreachable)
		r.stop() // in between: the answer was OK, but nobody read it yet
		r.start()
		if !strings.Contains(r.get(path).Body.String(), "One moment") {
			t.Error("the page does not say that it is under way")
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		if p := r.only(); p.State != StateReversed || r.sim.Truth().Reversals[0].Told {
			t.Errorf("%+v %+v", p, r.sim.Truth().Reversals)
		}
		r.stop()
		r.shop.answers(ok)
		r.start()
		synctest.Wait()
		if !r.sim.Truth().Reversals[0].Told {
			t.Error("the rollback was forgotten")
		}
		r.stop()
	})
}

func TestClosedAnswersNothing(t *testing.T) {
	r := newRig(t)
	path := r.open(r.form("P1", "45.00"))
	r.stop()
	if got := r.card(path, panApproved).Code; got != http.StatusServiceUnavailable {
		t.Errorf("card: %d", got)
	}
	if got := r.post("/vmp/checkout", r.form("P2", "1.00")).Code; got != http.StatusServiceUnavailable {
		t.Errorf("form: %d", got)
	}
}

// Whatever the file holds: no panic, and the good part reads the same again.
func FuzzReadLines(f *testing.F) {
	f.Add([]byte(`{"kind":"begin","version":1}` + "\n" + `{"kind":"cancelled","session":"A"}` + "\n"))
	f.Add([]byte(`{"kind":"begin","version":1}` + "\n" + `{"kind":"opened","purchase":{"session":"A","order_id":"P1",` +
		`"amount":{"minor":1,"currency":"EUR"}}}` + "\n" + `{"kind":"approved","payment":{"reference":"1","session":"A"}}` + "\n{"))
	f.Add([]byte("\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		read := func(data []byte) (int, *book, error) {
			b := newBook()
			n, err := readLines(data, b.apply)
			return n, b, err
		}
		n, first, err := read(data)
		if err != nil {
			return
		}
		if n > len(data) || (n > 0 && data[n-1] != '\n') {
			t.Fatalf("%d good bytes of %d", n, len(data))
		}
		again, second, err := read(data[:n])
		if err != nil || again != n || len(first.payments) != len(second.payments) || first.next != second.next {
			t.Fatalf("read again: %d, %v", again, err)
		}
	})
}
