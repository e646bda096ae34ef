package till

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"frontdesk/app/local"
	"frontdesk/payments"
	"frontdesk/payments/checkout"
)

// Outside names parts of Practice that run as programs of their own. Both are
// set, or none.
type Outside struct {
	Sim   string `json:"sim,omitempty"`   // base address of a frontdesk-sim
	Relay string `json:"relay,omitempty"` // base address of a frontdesk-relay
}

// practiceName is the file of what Practice keeps, in the folder of the mode.
const practiceName = "practice.json"

const practiceVersion = 1

// practice is what Practice keeps: who this desk is at the relay, where the
// parts are, and every certificate that ever verified a notice.
type practice struct {
	Version   int      `json:"version"`
	Outside   Outside  `json:"outside"`
	Store     string   `json:"store"` // 26 characters, at the relay
	Desk      string   `json:"desk"`
	SimPort   int      `json:"sim_port,omitempty"`
	RelayPort int      `json:"relay_port,omitempty"`
	Pack      string   `json:"pack,omitempty"` // of the outside simulator, as last seen
	Past      []string `json:"past_certificates,omitempty"`
	Epoch     string   `json:"relay_epoch,omitempty"` // of the relay that knows our orders

	path string
}

func loadPractice(folder string, entropy io.Reader) (*practice, error) {
	p := &practice{Version: practiceVersion, path: filepath.Join(folder, practiceName)}
	raw, err := os.ReadFile(p.path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err == nil {
		if err := json.Unmarshal(raw, p); err != nil {
			return nil, fmt.Errorf("%s is damaged: %w", p.path, err)
		}
		if p.Version > practiceVersion {
			return nil, &payments.Error{Op: "till.open", Code: "journal.newer", Err: errors.New(p.path + " is of a newer version")}
		}
	}
	if p.Store == "" || p.Desk == "" {
		if p.Store, err = payments.Draw(entropy, 26); err != nil {
			return nil, err
		}
		if p.Desk, err = payments.Draw(entropy, 26); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// save replaces the file in one step.
func (p *practice) save() error {
	raw, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		return err
	}
	old, err := os.ReadFile(p.path)
	if err == nil && bytes.Equal(old, append(raw, '\n')) {
		return nil
	}
	f, err := os.CreateTemp(filepath.Dir(p.path), practiceName+".*")
	if err != nil {
		return err
	}
	_, err = f.Write(append(raw, '\n'))
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), p.path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}

// Setup chooses the parts Practice works with, for the next Open. Empty members
// of Outside mean those inside. The outside simulator must answer: its pack is
// fetched and kept. The folder must not be held.
func Setup(ctx context.Context, cfg Config, o Outside) error {
	if err := cfg.check(); err != nil {
		return err
	}
	o = Outside{Sim: strings.TrimRight(o.Sim, "/"), Relay: strings.TrimRight(o.Relay, "/")}
	for _, address := range []string{o.Sim, o.Relay} {
		if u, err := url.Parse(address); address != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.RawQuery != "" || u.Path != "") {
			return &payments.Error{Op: "till.setup", Code: "setup.address", Err: fmt.Errorf("%w: %q is not an address like http://127.0.0.1:8070", payments.ErrRefused, address)}
		}
	}
	hold, err := local.Take(cfg.Dir, cfg.RuntimeDir)
	if err != nil {
		return err
	}
	return errors.Join(setupPractice(ctx, cfg, o), hold.Release())
}

func setupPractice(ctx context.Context, cfg Config, o Outside) error {
	folder, err := cfg.folder()
	if err != nil {
		return err
	}
	p, err := loadPractice(folder, cfg.Entropy)
	if err != nil {
		return err
	}
	p.Outside = o
	if o.Sim != "" {
		if err := p.fetchPack(ctx, cfg.HTTP); err != nil {
			return err
		}
	}
	return p.save()
}

// packWithin bounds the question for the pack.
const packWithin = 5 * time.Second

// fetchPack asks the outside simulator for the merchant's pack. A certificate
// that is replaced stays among the past ones.
func (p *practice) fetchPack(ctx context.Context, client *http.Client) error {
	ctx, cancel := context.WithTimeout(ctx, packWithin)
	defer cancel()
	unreachable := func(err error) error {
		return &payments.Error{Op: "till.pack", Code: "practice.sim", Err: errors.Join(payments.ErrUnreachable, err)}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.Outside.Sim+"/_sim/pack", nil)
	if err != nil {
		return unreachable(err)
	}
	res, err := client.Do(req)
	if err != nil {
		return unreachable(err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(res.Body, checkout.MaxPack+1))
	if err != nil || res.StatusCode != http.StatusOK {
		return unreachable(errors.Join(err, fmt.Errorf("the simulator answers %s", res.Status)))
	}
	if _, err := checkout.ParsePack(text); err != nil {
		return err
	}
	if old, err := checkout.ParsePack([]byte(p.Pack)); err == nil && p.Pack != string(text) {
		p.remember(old.Certificate)
	}
	p.Pack = string(text)
	return nil
}

// remember keeps a certificate that may still have to verify something.
func (p *practice) remember(c *checkout.Certificate) {
	text := string(c.PEM())
	for _, known := range p.Past {
		if known == text {
			return
		}
	}
	p.Past = append(p.Past, text)
}

// certificates returns that of the store and all past ones.
func (p *practice) certificates(store checkout.Store) []*checkout.Certificate {
	all := []*checkout.Certificate{store.Certificate}
	for _, text := range p.Past {
		if c, err := checkout.ParseCertificate([]byte(text)); err == nil && c.Fingerprint() != store.Certificate.Fingerprint() {
			all = append(all, c)
		}
	}
	return all
}

// practiceFingerprint names the private key of Practice in the data folder, ""
// when there is none.
func practiceFingerprint(dir string) string {
	folder := filepath.Join(dir, string(payments.Practice))
	var p practice
	if raw, err := os.ReadFile(filepath.Join(folder, practiceName)); err == nil && json.Unmarshal(raw, &p) == nil && p.Pack != "" {
		if s, err := checkout.ParsePack([]byte(p.Pack)); err == nil {
			return s.Key.Fingerprint()
		}
	}
	var kept struct {
		Key string `json:"merchant_key"`
	}
	raw, err := os.ReadFile(filepath.Join(folder, simulatorName+".keys"))
	if err != nil || json.Unmarshal(raw, &kept) != nil {
		return ""
	}
	key, err := checkout.ParsePrivateKey([]byte(kept.Key))
	if err != nil {
		return ""
	}
	return key.Fingerprint()
}
