package till

import (
	"crypto/rand"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"frontdesk/app"
	"frontdesk/app/journal"
	"frontdesk/app/local"
	"frontdesk/app/settings"
	"frontdesk/payments"
	"frontdesk/payments/money"
	"frontdesk/payments/simulator"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(asSaver); dir != "" {
		os.Exit(beSaver(dir))
	}
	goleak.VerifyTestMain(m)
}

func config(t *testing.T, dir string) Config {
	t.Helper()
	start := time.Now()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return Config{
		Dir: dir, Version: "1.2.3", Name: "Front", Now: time.Now,
		Mono: func() time.Duration { return time.Since(start) }, Entropy: rand.Reader,
		HTTP: &http.Client{Transport: transport},
	}
}

// storeKeys are the keys of one stand-in for all tests: drawing them takes long.
var storeKeys = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "till")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, simulatorName)
	s, err := simulator.Open(simulator.Config{StateFile: path, Now: time.Now, Entropy: rand.Reader, HTTP: &http.Client{}})
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path + ".keys")
})

// seed gives a stand-in its keys before its first start.
func seed(t *testing.T, folder string) {
	t.Helper()
	keys, err := storeKeys()
	if err == nil {
		err = os.MkdirAll(folder, 0o700)
	}
	path := filepath.Join(folder, simulatorName+".keys")
	if _, there := os.Stat(path); err == nil && errors.Is(there, os.ErrNotExist) {
		err = os.WriteFile(path, keys, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T, cfg Config) *Desk {
	t.Helper()
	if cfg.Mode == "" {
		seed(t, filepath.Join(cfg.Dir, string(payments.Practice)))
	}
	d, err := Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { shut(t, d) })
	return d
}

// shut closes a desk once.
func shut(t *testing.T, d *Desk) {
	t.Helper()
	if d.till == nil {
		return
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	d.till = nil
}

func charge(t *testing.T, d *Desk) app.Attempt {
	t.Helper()
	s, err := d.Till().Charge(t.Context(), app.ChargeRequest{
		Lines: []app.Line{{Amount: money.Amount{Minor: 4500, Currency: "EUR"}}}, Currency: "EUR",
	})
	if err != nil {
		t.Fatal(err)
	}
	return s.Attempts[0]
}

func get(t *testing.T, d *Desk, address string) (int, string) {
	t.Helper()
	res, err := d.cfg.HTTP.Get(address)
	if err != nil {
		return 0, err.Error()
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

func TestPracticeKeepsEverythingInItsFolder(t *testing.T) {
	dir := t.TempDir()
	d := open(t, config(t, dir))
	first := charge(t, d)
	if _, err := Open(t.Context(), config(t, dir)); !errors.Is(err, local.ErrHeld) {
		t.Errorf("a second till in the folder: %v, want ErrHeld", err)
	}
	shut(t, d)
	for _, name := range []string{"journal.db", "practice.json", "simulator.jsonl", "simulator.jsonl.keys", "relay"} {
		if _, err := os.Stat(filepath.Join(dir, "practice", name)); err != nil {
			t.Error(err)
		}
	}
	d = open(t, config(t, dir))
	if code, page := get(t, d, first.Link); code != http.StatusOK || !strings.Contains(page, first.Words) {
		t.Errorf("the link of the run before: %d", code)
	}
	second := charge(t, d)
	if a, b := strings.Split(first.Link, "/p/"), strings.Split(second.Link, "/p/"); a[0] != b[0] {
		t.Errorf("the address moved from %s to %s", a[0], b[0])
	}
}

func TestATakenPortIsReplaced(t *testing.T) {
	dir := t.TempDir()
	d := open(t, config(t, dir))
	before := charge(t, d)
	_, port, err := net.SplitHostPort(strings.TrimPrefix(d.inside.relayURL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	shut(t, d)
	stranger, err := net.Listen("tcp", "127.0.0.1:"+port)
	if err != nil {
		t.Fatal(err)
	}
	defer stranger.Close()
	d = open(t, config(t, dir))
	after := charge(t, d)
	if strings.Contains(after.Link, ":"+port+"/") {
		t.Errorf("the new link %s leads to a stranger", after.Link)
	}
	if code, _ := get(t, d, after.Link); code != http.StatusOK {
		t.Errorf("the new link answers %d", code)
	}
	if before.Link == after.Link {
		t.Error("one link twice")
	}
}

func TestTheDoctorFindsAWellDesk(t *testing.T) {
	d := open(t, config(t, t.TempDir()))
	for _, f := range d.doctor(t.Context()) {
		if !f.OK {
			t.Errorf("%+v", f)
		}
	}
}

func TestANewerOrDamagedFolderIsLeftAlone(t *testing.T) {
	dir := t.TempDir()
	shut(t, open(t, config(t, dir)))
	path := filepath.Join(dir, "practice", practiceName)
	for text, want := range map[string]string{`{"version":99}`: "journal.newer", `{"version":`: ""} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Open(t.Context(), config(t, dir))
		if err == nil || payments.CodeOf(err) != want {
			t.Errorf("%s: %v", text, err)
		}
		if got, _ := os.ReadFile(path); string(got) != text {
			t.Errorf("%s was overwritten by %s", text, got)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "practice", "journal.db"), []byte(strings.Repeat("not a journal. ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), config(t, dir)); !errors.Is(err, journal.ErrCorrupt) {
		t.Errorf("a damaged journal: %v", err)
	}
}

func TestAModeThatIsNone(t *testing.T) {
	cfg := config(t, t.TempDir())
	cfg.Mode = "demo"
	if _, err := Open(t.Context(), cfg); payments.CodeOf(err) != "mode.unset" {
		t.Errorf("got %v", err)
	}
	if _, err := Open(t.Context(), Config{}); err == nil {
		t.Error("a config without clocks was taken")
	}
}

// TestTryWithMyPhone opens the second listener on another loopback address,
// which stands for the private one of a network.
func TestTryWithMyPhone(t *testing.T) {
	d := open(t, config(t, t.TempDir()))
	if _, err := d.OpenPhone(t.Context(), "8.8.8.8"); !errors.Is(err, ErrNoAddress) {
		t.Errorf("a public address: %v", err)
	}
	before := charge(t, d)
	phone, err := d.openPhone(t.Context(), "127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	if left := time.Until(phone.Until); left > phoneFor || left < phoneFor-time.Minute {
		t.Errorf("closes in %v", left)
	}
	during := charge(t, d)
	if !strings.HasPrefix(during.Link, phone.URL+"/p/") || strings.HasPrefix(before.Link, phone.URL) {
		t.Errorf("links %s and %s, phone at %s", before.Link, during.Link, phone.URL)
	}
	if code, page := get(t, d, during.Link); code != http.StatusOK || !strings.Contains(page, during.Words) {
		t.Errorf("the pay page answers %d on the phone", code)
	}
	for _, path := range []string{"/d/store", "/d/stream", "/_sim/truth", "/_sim/pack", "/n/x"} {
		if code, _ := get(t, d, phone.URL+path); code == http.StatusOK || code == http.StatusMethodNotAllowed && path != "/n/x" {
			t.Errorf("%s answers %d on the phone", path, code)
		}
	}
	d.ClosePhone()
	if _, open := d.Phone(); open {
		t.Error("still open")
	}
	if code, _ := get(t, d, phone.URL+"/p/"); code != 0 {
		t.Errorf("a closed listener answers %d", code)
	}
	if after := charge(t, d); strings.HasPrefix(after.Link, phone.URL) {
		t.Errorf("a link to a closed address: %s", after.Link)
	}
}

// TestALinkEndsWithItsAddress: a code on the screen never leads to a listener
// that has closed.
func TestALinkEndsWithItsAddress(t *testing.T) {
	var ahead atomic.Int64
	cfg := config(t, t.TempDir())
	cfg.Now = func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	d := open(t, cfg)
	phone, err := d.openPhone(t.Context(), "127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	if a := charge(t, d); a.Expires.After(phone.Until) || phone.Until.Sub(a.Expires) < phoneFor/4 {
		t.Errorf("a counter link ends at %v, its address at %v", a.Expires, phone.Until)
	}
	ahead.Store(int64(phoneFor - 5*time.Minute))
	a := charge(t, d)
	if a.Expires.After(phone.Until) || phone.Until.Sub(a.Expires) > time.Second {
		t.Errorf("a late link ends at %v, its address at %v", a.Expires, phone.Until)
	}
	ahead.Store(int64(phoneFor))
	if code, _ := get(t, d, a.Link); code != http.StatusGone {
		t.Errorf("the page is still open: %d", code)
	}
}

// TestPhoneOpenedTwiceAtOnce: one listener is left, and it is the one told.
func TestPhoneOpenedTwiceAtOnce(t *testing.T) {
	d := open(t, config(t, t.TempDir()))
	var all sync.WaitGroup
	urls := make(chan string, 8)
	for range cap(urls) {
		all.Go(func() {
			p, err := d.openPhone(t.Context(), "127.0.0.1")
			if err != nil {
				t.Error(err)
				return
			}
			urls <- p.URL
		})
	}
	all.Wait()
	close(urls)
	told, _ := d.Phone()
	open := 0
	for url := range urls {
		if code, _ := get(t, d, url+"/ok"); code != 0 {
			open++
			if url != told.URL {
				t.Errorf("%s is open, %s is told", url, told.URL)
			}
		}
	}
	if open != 1 {
		t.Errorf("%d listeners are open", open)
	}
	if s := d.phone.server; s.ReadTimeout == 0 || s.IdleTimeout == 0 {
		t.Error("a phone may hold its connection for ever")
	}
}

func TestPrivateAddressesAreIPv4AndPrivate(t *testing.T) {
	all, err := privateAddresses()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range all {
		if ip := net.ParseIP(a); ip == nil || ip.To4() == nil || !ip.IsPrivate() || ip.IsLoopback() {
			t.Errorf("%s is listed", a)
		}
	}
}

func TestKeptPortsLieBelowTheOnesSystemsGiveAway(t *testing.T) {
	for range 5 {
		l, port, err := listenKept(t.Context(), 0, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		if port < firstPort || port >= firstPort+portRange || !strings.HasSuffix(l.Addr().String(), ":"+strconv.Itoa(port)) {
			t.Errorf("port %d of %s", port, l.Addr())
		}
		_ = l.Close()
	}
}

func TestThePayPageNamesTheSalonOfTheSettings(t *testing.T) {
	dir := t.TempDir()
	d := open(t, config(t, dir))
	if _, page := get(t, d, charge(t, d).Link); !strings.Contains(page, unnamed) {
		t.Error("a salon without a name has no headline")
	}
	chosen := settings.In(dir)
	s, err := chosen.Load()
	if err != nil {
		t.Fatal(err)
	}
	s.Salon = "Salon <Mirabelle>"
	if err := chosen.Save(s); err != nil {
		t.Fatal(err)
	}
	if _, page := get(t, d, charge(t, d).Link); !strings.Contains(page, "Salon &lt;Mirabelle&gt;") {
		t.Error("the page does not carry the name that was chosen while the till was open")
	}
	if err := os.WriteFile(filepath.Join(dir, "settings.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, page := get(t, d, charge(t, d).Link); !strings.Contains(page, unnamed) {
		t.Error("damaged settings stop a charge")
	}
}
