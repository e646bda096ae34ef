package till

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"frontdesk/app"
	"frontdesk/app/vault"
	"frontdesk/payments"
)

// pay pays a link as a browser without script would, and ends on the result
// page.
func (w *world) pay(link string) {
	w.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.t.Fatal(err)
	}
	browser := &http.Client{Transport: w.http.Transport, Jar: jar, Timeout: 20 * time.Second}
	at, page := w.fetch(browser, http.MethodGet, link, nil)
	for range 4 {
		action, fields := form(w.t, at, page)
		paying := slices.ContainsFunc(fields, func(f [2]string) bool { return f[0] == "pan" })
		if paying {
			for i, f := range fields {
				for name, value := range map[string]string{"pan": "4111111111111111", "exp": "12/39", "cvc": "123"} {
					if f[0] == name {
						fields[i][1] = value
					}
				}
			}
		}
		at, page = w.fetch(browser, http.MethodPost, action, fields)
		if paying {
			return
		}
	}
	w.t.Fatal("no card page behind the link")
}

func (w *world) fetch(browser *http.Client, method, address string, fields [][2]string) (*url.URL, string) {
	w.t.Helper()
	var pairs []string
	for _, f := range fields {
		pairs = append(pairs, url.QueryEscape(f[0])+"="+url.QueryEscape(f[1]))
	}
	req, err := http.NewRequestWithContext(w.t.Context(), method, address, strings.NewReader(strings.Join(pairs, "&")))
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("User-Agent", "Mozilla/5.0 (test)")
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := browser.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		w.t.Fatalf("%s %s: %s, %v\n%s", method, address, res.Status, err, body)
	}
	return res.Request.URL, string(body)
}

var (
	formTag  = regexp.MustCompile(`(?is)<form\b[^>]*>`)
	inputTag = regexp.MustCompile(`(?is)<input\b[^>]*>`)
	attr     = regexp.MustCompile(`(?is)\b(action|name|value)\s*=\s*"([^"]*)"`)
)

// form reads the first form of a page, with its fields in order.
func form(t *testing.T, at *url.URL, page string) (string, [][2]string) {
	t.Helper()
	tag := formTag.FindStringIndex(page)
	if tag == nil {
		t.Fatalf("no form at %s:\n%s", at.Path, page)
	}
	body, _, _ := strings.Cut(page[tag[1]:], "</form>")
	action, err := at.Parse(attribute(page[tag[0]:tag[1]], "action"))
	if err != nil {
		t.Fatal(err)
	}
	var fields [][2]string
	for _, input := range inputTag.FindAllString(body, -1) {
		if name := attribute(input, "name"); name != "" {
			fields = append(fields, [2]string{name, attribute(input, "value")})
		}
	}
	return action.String(), fields
}

func attribute(tag, name string) string {
	for _, m := range attr.FindAllStringSubmatch(tag, -1) {
		if strings.EqualFold(m[1], name) {
			return strings.NewReplacer("&amp;", "&", "&#43;", "+", "&#34;", `"`, "&lt;", "<", "&gt;", ">", "&#39;", "'").Replace(m[2])
		}
	}
	return ""
}

// until waits for a state of a sale.
func (w *world) until(d *Desk, id app.SaleID, state app.State) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), 20*time.Second)
	defer cancel()
	var last app.State
	for c := range d.Till().WatchSale(ctx, id) {
		if last = c.Sale.State; last == state {
			return
		}
	}
	w.t.Fatalf("sale %s is %s, want %s", id, last, state)
}

func (w *world) mustCharge(d *Desk) app.Sale {
	w.t.Helper()
	s, err := w.charge(d)
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

// TestRotation: orders begun before the rotation are paid under the old pair,
// those after it under the new one, and nothing had to be restarted.
func TestRotation(t *testing.T) {
	w := newWorld(t)
	d := w.connected()
	before := w.mustCharge(d)
	pack, err := w.sim.Rotate()
	if err != nil {
		t.Fatal(err)
	}
	draft := d.Draft()
	draft.Pack = string(pack)
	if err := d.Save(t.Context(), draft, ""); err != nil {
		t.Fatal(err)
	}
	if c := d.Connection(); c.KeyIndex != 2 || c.PairedSince.IsZero() {
		t.Errorf("%+v", c)
	}
	marks := func() (indexes []int) {
		for mark := range d.socket.now().links {
			indexes = append(indexes, indexOf(mark))
		}
		slices.Sort(indexes)
		return indexes
	}
	if got := marks(); !slices.Equal(got, []int{1, 2}) {
		t.Errorf("orders can be signed under %v", got)
	}
	after := w.mustCharge(d)
	w.pay(before.Attempts[0].Link)
	w.until(d, before.ID, app.Paid)
	w.pay(after.Attempts[0].Link)
	w.until(d, after.ID, app.Paid)
	for _, f := range d.doctor(t.Context()) {
		if !f.OK {
			t.Errorf("%+v", f)
		}
	}
	notes, err := d.Till().Notes(t.Context(), 0, 10)
	if err != nil || len(notes) != 2 || notes[0].Kind != app.CredentialsRotated || notes[0].Data["key_index"] != "2" || notes[1].Kind != app.CredentialsSaved {
		t.Errorf("%+v, %v", notes, err)
	}
}

// TestARefusedKeyDoesNotReplaceAGoodOne: a key that myPOS does not know is found
// out before it is stored.
func TestARefusedKeyDoesNotReplaceAGoodOne(t *testing.T) {
	w := newWorld(t)
	d := w.connected()
	was := d.Connection()
	other := newWorld(t) // another myPOS: same shape, unknown keys
	pack, err := other.sim.Rotate()
	if err != nil {
		t.Fatal(err)
	}
	draft := d.Draft()
	in := other.readPack(pack)
	draft.KeyIndex, draft.PrivateKey, draft.Certificate = "2", string(in.Key.PEM()), string(in.Certificate.PEM())
	if err := d.Save(t.Context(), draft, ""); payments.CodeOf(err) != "check.environment" {
		t.Fatalf("got %v", err)
	}
	if now := d.Connection(); now != was {
		t.Errorf("%+v became %+v", was, now)
	}
	w.mustCharge(d)
}

// TestDisconnectKeepsWhatRecognises: after Disconnect nothing can be signed, and
// a payment that was open is still recognised, also after a restart.
func TestDisconnectKeepsWhatRecognises(t *testing.T) {
	w := newWorld(t)
	d := w.connected()
	s := w.mustCharge(d)
	if n, err := d.OpenAttempts(t.Context()); n != 1 || err != nil {
		t.Errorf("%d open, %v", n, err)
	}
	if err := d.Disconnect(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	if _, err := w.charge(d); payments.CodeOf(err) != "store.disconnected" {
		t.Errorf("a charge: %v", err)
	}
	if c := d.Connection(); c.Disconnected.IsZero() || !c.KeySince.IsZero() || c.SID == "" {
		t.Errorf("%+v", c)
	}
	v, err := vault.Open(t.Context(), d.box.cfg)
	if err != nil {
		t.Fatal(err)
	}
	if names := v.Names(); len(names) != 1 || !strings.HasSuffix(names[0], secretIdentity) {
		t.Errorf("the vault still has %v", names)
	}
	shut(t, d)
	d = open(t, w.config(payments.Live))
	w.proven(d)
	for _, f := range d.doctor(t.Context()) {
		if !f.OK {
			t.Errorf("%+v", f)
		}
	}
	w.pay(s.Attempts[0].Link)
	w.until(d, s.ID, app.Paid)
}

// sleepyKeys is a keyring whose person has to type a password first.
type sleepyKeys struct {
	vault.Keys
	awake chan struct{}
}

func (s sleepyKeys) Get(ctx context.Context, name string) ([]byte, error) {
	select {
	case <-s.awake:
		return s.Keys.Get(ctx, name)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// TestASlowKeyringDoesNotHoldTheDeskUp: the desk opens without it, says so, and
// works as soon as it answers.
func TestASlowKeyringDoesNotHoldTheDeskUp(t *testing.T) {
	w := newWorld(t)
	shut(t, w.connected())
	cfg := w.config(payments.Live)
	keys := sleepyKeys{w.keyring, make(chan struct{})}
	cfg.Keyring = keys
	d := open(t, cfg)
	if c := d.Connection(); c.LockCode != codeKeyringSlow {
		t.Fatalf("%+v", c)
	}
	if _, err := d.Till().Sales(t.Context(), app.Query{}); err != nil {
		t.Errorf("the journal is not readable: %v", err)
	}
	close(keys.awake)
	for deadline := time.Now().Add(20 * time.Second); d.Connection().Locked; {
		if time.Now().After(deadline) {
			t.Fatal("still locked")
		}
		time.Sleep(20 * time.Millisecond)
	}
	w.proven(d)
	w.mustCharge(d)
}

func TestEraseEverythingAlsoOfALockedVault(t *testing.T) {
	w := newWorld(t)
	shut(t, w.connected())
	w.keyring.Fail(vault.ErrNoKeyring)
	d := open(t, w.config(payments.Live))
	c := d.Connection()
	if !c.Locked || c.LockCode == "" || c.SID == "" {
		t.Fatalf("%+v", c)
	}
	if _, err := w.charge(d); payments.CodeOf(err) != codeLocked {
		t.Errorf("a charge: %v", err)
	}
	trouble := false
	for s := range d.Till().Watch(t.Context()) {
		trouble = slices.ContainsFunc(s.Trouble, func(x app.Trouble) bool { return x.Code == codeLocked })
		break
	}
	if !trouble {
		t.Error("a locked vault is not told")
	}
	if err := d.Disconnect(t.Context(), ""); payments.CodeOf(err) != codeLocked {
		t.Errorf("disconnect: %v", err)
	}
	if err := d.EraseEverything(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{recordName, "vault", "vault.previous"} {
		if _, err := os.Stat(filepath.Join(w.dir, "live", name)); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s is still there", name)
		}
	}
	if c := d.Connection(); c.SID != "" || c.Locked {
		t.Errorf("%+v", c)
	}
}

// TestUnlock: without a keyring a passphrase opens the vault, and the relay is
// heard at once.
func TestUnlock(t *testing.T) {
	w := newWorld(t)
	cfg := w.config(payments.Live)
	cfg.Keyring = nil
	d := open(t, cfg)
	draft := w.draft()
	if err := d.Save(t.Context(), draft, ""); payments.CodeOf(err) != "vault.passphrase_needed" {
		t.Fatalf("nobody was asked for a passphrase: %v", err)
	}
	if c := d.Connection(); c.SID != "" {
		t.Errorf("half-saved: %+v", c)
	}
	if err := d.Unlock(t.Context(), "correct horse battery"); err != nil {
		t.Fatal(err)
	}
	if err := d.Save(t.Context(), draft, ""); err != nil {
		t.Fatal(err)
	}
	shut(t, d)
	d = open(t, cfg)
	if c := d.Connection(); c.LockCode != "vault.passphrase_needed" {
		t.Fatalf("%+v", c)
	}
	if err := d.Unlock(t.Context(), "wrong horse battery"); payments.CodeOf(err) != "vault.passphrase" {
		t.Errorf("a wrong passphrase: %v", err)
	}
	if err := d.Unlock(t.Context(), "correct horse battery"); err != nil {
		t.Fatal(err)
	}
	w.proven(d)
	w.mustCharge(d)
}

// A draft that was made before something else was saved would take that back:
// it is refused, and nothing is lost.
func TestADraftOfAnEarlierStateIsRefused(t *testing.T) {
	w := newWorld(t)
	d := w.connected()
	stale := d.Draft()
	change := d.Draft()
	change.TerminalPayments = true
	if err := d.Save(t.Context(), change, ""); err != nil {
		t.Fatal(err)
	}
	before := d.Connection()
	stale.SID, stale.Wallet, stale.KeyIndex = "", "", ""
	if err := d.Save(t.Context(), stale, ""); payments.CodeOf(err) != "connection.changed" {
		t.Errorf("a stale draft: %v", err)
	}
	if after := d.Connection(); !reflect.DeepEqual(before, after) {
		t.Errorf("it changed %+v into %+v", before, after)
	}
}
