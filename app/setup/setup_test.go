package setup_test

import (
	"crypto/rand"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"frontdesk/app/setup"
	"frontdesk/app/text"
	"frontdesk/assets"
	"frontdesk/payments"
	"frontdesk/payments/checkout"
	"frontdesk/payments/relay"
)

func now() time.Time { return time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC) }

// material is a store made for the tests.
type material struct {
	key, other *checkout.PrivateKey
	store      checkout.Store
	expired    *checkout.Certificate
	early      *checkout.Certificate
	practice   *checkout.Certificate
	own        *checkout.Certificate
}

func newMaterial(t testing.TB) material {
	t.Helper()
	var m material
	var err error
	make := func(into **checkout.PrivateKey) {
		if *into, err = checkout.GenerateKey(rand.Reader, 1024); err != nil {
			t.Fatal(err)
		}
	}
	make(&m.key)
	make(&m.other)
	certify := func(k *checkout.PrivateKey, name string, from, until time.Time) *checkout.Certificate {
		c, err := k.SelfSigned(name, from, until, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	year := 365 * 24 * time.Hour
	good := certify(m.other, "myPOS", now().Add(-year), now().Add(year))
	m.expired = certify(m.other, "myPOS", now().Add(-2*year), now().Add(-year))
	m.early = certify(m.other, "myPOS", now().Add(year), now().Add(2*year))
	m.practice = certify(m.other, "Practice stand-in for myPOS", now().Add(-year), now().Add(year))
	m.own = certify(m.key, "salon", now().Add(-year), now().Add(year))
	m.store = checkout.Store{SID: "000000000012345", Wallet: "40000000001", KeyIndex: 3, Key: m.key, Certificate: good}
	return m
}

func (m material) pack(t testing.TB, change func(*checkout.Store)) string {
	t.Helper()
	s := m.store
	if change != nil {
		change(&s)
	}
	raw, err := s.Pack()
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func (m material) draft() setup.Draft {
	return setup.Draft{
		SID: m.store.SID, Wallet: m.store.Wallet, KeyIndex: "3", PrivateKey: string(m.key.PEM()),
		Certificate: string(m.store.Certificate.PEM()), OnlinePayments: true,
	}
}

func live() setup.Doctor { return setup.Doctor{Mode: payments.Live, Now: now()} }

// said fails unless the code has sentences of its own in every language.
func said(t *testing.T, code string) {
	t.Helper()
	for _, lang := range text.Languages() {
		c := text.New(lang)
		for _, part := range []string{".what", ".money", ".do"} {
			if code != "" && !c.Has("error."+code+part) {
				t.Errorf("%s has no error.%s%s", lang, code, part)
			}
		}
	}
}

func TestDiagnose(t *testing.T) {
	t.Parallel()
	m := newMaterial(t)
	sandbox := string(assets.SandboxPack())
	plain, err := base64.StdEncoding.DecodeString(strings.TrimSpace(sandbox))
	if err != nil {
		t.Fatal(err)
	}
	mine := func(fingerprint string) bool { return fingerprint == m.key.Fingerprint() }
	for name, c := range map[string]struct {
		text   string
		doctor setup.Doctor
		kind   setup.Kind
		code   string
	}{
		"own pack in Live":         {m.pack(t, nil), live(), setup.KindPack, ""},
		"own key in Live":          {string(m.key.PEM()), live(), setup.KindPrivateKey, ""},
		"own certificate":          {string(m.own.PEM()), live(), setup.KindCertificate, ""},
		"sandbox pack in Live":     {sandbox, live(), setup.KindPack, "mode.sandbox_key"},
		"sandbox JSON in Live":     {string(plain), live(), setup.KindPack, "mode.sandbox_key"},
		"sandbox pack in Test":     {sandbox, setup.Doctor{Mode: payments.Test, Now: now()}, setup.KindPack, ""},
		"own pack in Test":         {m.pack(t, nil), setup.Doctor{Mode: payments.Test, Now: now()}, setup.KindPack, "mode.own_key"},
		"practice pack in Live":    {m.pack(t, func(s *checkout.Store) { s.Certificate = m.practice }), live(), setup.KindPack, "mode.practice_key"},
		"practice key in Live":     {string(m.key.PEM()), setup.Doctor{Mode: payments.Live, Now: now(), Practice: mine}, setup.KindPrivateKey, "mode.practice_key"},
		"practice pack, simulated": {m.pack(t, func(s *checkout.Store) { s.Certificate = m.practice }), setup.Doctor{Mode: payments.Live, Now: now(), Simulated: true}, setup.KindPack, ""},
		"anything in Practice":     {m.pack(t, nil), setup.Doctor{Mode: payments.Practice, Now: now()}, setup.KindPack, "mode.practice_needs_nothing"},
		"expired":                  {string(m.expired.PEM()), live(), setup.KindCertificate, "certificate.expired"},
		"expired in a pack":        {m.pack(t, func(s *checkout.Store) { s.Certificate = m.expired }), live(), setup.KindPack, "certificate.expired"},
		"not valid yet":            {string(m.early.PEM()), live(), setup.KindCertificate, "certificate.early"},
		"own instead of myPOS's":   {m.pack(t, func(s *checkout.Store) { s.Certificate = m.own }), live(), setup.KindPack, "certificate.own"},
		"nothing":                  {"", live(), setup.KindEmpty, "paste.empty"},
		"a poem":                   {"roses are red", live(), setup.KindUnknown, "paste.unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := c.doctor.Diagnose(c.text)
			if got.Kind != c.kind || got.Code != c.code {
				t.Errorf("got %s %q, want %s %q", got.Kind, got.Code, c.kind, c.code)
			}
			said(t, c.code)
		})
	}
	d := live().Diagnose(m.pack(t, nil))
	if d.SID != m.store.SID || d.Wallet != m.store.Wallet || d.KeyIndex != 3 || d.Bits != 1024 || d.Until.IsZero() || d.Sandbox || d.Practice {
		t.Errorf("%+v", d)
	}
}

// TestEveryFieldSaysWhatIsWrong: one wrong field, one problem, at that field.
func TestEveryFieldSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	m := newMaterial(t)
	code := relay.FormatCode([16]byte{1, 2, 3})
	connected := setup.Connection{
		Mode: payments.Live, SID: m.store.SID, Wallet: m.store.Wallet, KeyIndex: 3, KeySince: now(), Certificate: "x",
		ClientID: "AB-1234-5678", SecretSince: now(), Relay: "https://pay.example", PairedSince: now(),
	}
	type change = func(*setup.Draft)
	for name, c := range map[string]struct {
		change change
		have   setup.Connection
		field  string
		code   string
	}{
		"all right":                  {func(*setup.Draft) {}, setup.Connection{}, "", ""},
		"blanks in numbers":          {func(d *setup.Draft) { d.SID, d.Wallet = " 0000000000 12345 ", "4000 000 0001" }, setup.Connection{}, "", ""},
		"no SID":                     {func(d *setup.Draft) { d.SID = " " }, setup.Connection{}, "SID", "sid.missing"},
		"SID of 16":                  {func(d *setup.Draft) { d.SID = "0000000000123456" }, setup.Connection{}, "SID", "sid.shape"},
		"SID with a dash":            {func(d *setup.Draft) { d.SID = "12-34" }, setup.Connection{}, "SID", "sid.shape"},
		"no wallet":                  {func(d *setup.Draft) { d.Wallet = "" }, setup.Connection{}, "Wallet", "wallet.missing"},
		"wallet of letters":          {func(d *setup.Draft) { d.Wallet = "4000A000001" }, setup.Connection{}, "Wallet", "wallet.letters"},
		"wallet too long":            {func(d *setup.Draft) { d.Wallet = strings.Repeat("4", 16) }, setup.Connection{}, "Wallet", "wallet.long"},
		"no index":                   {func(d *setup.Draft) { d.KeyIndex = "" }, setup.Connection{}, "KeyIndex", "index.missing"},
		"index 0":                    {func(d *setup.Draft) { d.KeyIndex = "0" }, setup.Connection{}, "KeyIndex", "index.range"},
		"index 100":                  {func(d *setup.Draft) { d.KeyIndex = "100" }, setup.Connection{}, "KeyIndex", "index.range"},
		"index of letters":           {func(d *setup.Draft) { d.KeyIndex = "three" }, setup.Connection{}, "KeyIndex", "index.number"},
		"no key":                     {func(d *setup.Draft) { d.PrivateKey = "" }, setup.Connection{}, "PrivateKey", "key.none"},
		"certificate as key":         {func(d *setup.Draft) { d.PrivateKey = string(m.own.PEM()) }, setup.Connection{}, "PrivateKey", "key.certificate"},
		"pack as key":                {func(d *setup.Draft) { d.PrivateKey = m.pack(t, nil) }, setup.Connection{}, "PrivateKey", "key.pack"},
		"words as key":               {func(d *setup.Draft) { d.PrivateKey = "secret" }, setup.Connection{}, "PrivateKey", "paste.unknown"},
		"key cut":                    {func(d *setup.Draft) { d.PrivateKey = d.PrivateKey[:300] }, setup.Connection{}, "PrivateKey", "key.damaged"},
		"no certificate":             {func(d *setup.Draft) { d.Certificate = "" }, setup.Connection{}, "Certificate", "certificate.none"},
		"key as certificate":         {func(d *setup.Draft) { d.Certificate = d.PrivateKey }, setup.Connection{}, "Certificate", "certificate.key"},
		"own certificate":            {func(d *setup.Draft) { d.Certificate = string(m.own.PEM()) }, setup.Connection{}, "Certificate", "certificate.own"},
		"expired":                    {func(d *setup.Draft) { d.Certificate = string(m.expired.PEM()) }, setup.Connection{}, "Certificate", "certificate.expired"},
		"pack of the sandbox":        {func(d *setup.Draft) { *d = setup.Draft{Pack: string(assets.SandboxPack())} }, setup.Connection{}, "Pack", "mode.sandbox_key"},
		"key as pack":                {func(d *setup.Draft) { *d = setup.Draft{Pack: d.PrivateKey} }, setup.Connection{}, "Pack", "pack.not_a_pack"},
		"pack fills all":             {func(d *setup.Draft) { *d = setup.Draft{Pack: m.pack(t, nil)} }, setup.Connection{}, "", ""},
		"blank keeps":                {func(d *setup.Draft) { d.PrivateKey, d.Certificate = "", "" }, connected, "", ""},
		"new index, old key":         {func(d *setup.Draft) { d.KeyIndex, d.PrivateKey = "4", "" }, connected, "PrivateKey", "key.rotate"},
		"new index, old certificate": {func(d *setup.Draft) { d.KeyIndex, d.Certificate = "4", "" }, connected, "Certificate", "certificate.rotate"},
		"API without ID":             {func(d *setup.Draft) { d.EnableAPI, d.ClientSecret = true, "s" }, setup.Connection{}, "ClientID", "api.id_missing"},
		"API without secret":         {func(d *setup.Draft) { d.EnableAPI, d.ClientID = true, "AB-1234-5678" }, setup.Connection{}, "ClientSecret", "api.secret_missing"},
		"API, kept secret":           {func(d *setup.Draft) { d.EnableAPI, d.ClientID = true, "AB-1234-5678" }, connected, "", ""},
		"API, another ID":            {func(d *setup.Draft) { d.EnableAPI, d.ClientID = true, "AB-0000-0000" }, connected, "ClientSecret", "api.secret_missing"},
		"ID of any shape":            {func(d *setup.Draft) { d.EnableAPI, d.ClientID, d.ClientSecret = true, "any.shape/at all", "s" }, setup.Connection{}, "", ""},
		"ID of 128":                  {func(d *setup.Draft) { d.EnableAPI, d.ClientID, d.ClientSecret = true, strings.Repeat("x", 128), "s" }, setup.Connection{}, "", ""},
		"ID of 129":                  {func(d *setup.Draft) { d.ClientID = strings.Repeat("x", 129) }, setup.Connection{}, "ClientID", "api.id_shape"},
		"ID with a bell":             {func(d *setup.Draft) { d.ClientID = "AB\a" }, setup.Connection{}, "ClientID", "api.id_shape"},
		"relay":                      {func(d *setup.Draft) { d.Relay, d.Pair = "https://pay.example/", strings.ToLower(code) }, setup.Connection{}, "", ""},
		"relay over http":            {func(d *setup.Draft) { d.Relay, d.Pair = "http://pay.example", code }, setup.Connection{}, "Relay", "relay.https"},
		"relay with a path":          {func(d *setup.Draft) { d.Relay, d.Pair = "https://pay.example/shop", code }, setup.Connection{}, "Relay", "relay.path"},
		"relay with a query":         {func(d *setup.Draft) { d.Relay, d.Pair = "https://pay.example?x=1", code }, setup.Connection{}, "Relay", "relay.path"},
		"relay without name":         {func(d *setup.Draft) { d.Relay, d.Pair = "pay.example", code }, setup.Connection{}, "Relay", "relay.shape"},
		"relay with a user":          {func(d *setup.Draft) { d.Relay, d.Pair = "https://me@pay.example", code }, setup.Connection{}, "Relay", "relay.shape"},
		"code without relay":         {func(d *setup.Draft) { d.Pair = code }, setup.Connection{}, "Relay", "relay.missing"},
		"relay without code":         {func(d *setup.Draft) { d.Relay = "https://pay.example" }, setup.Connection{}, "Pair", "relay.pair_missing"},
		"relay kept":                 {func(d *setup.Draft) { d.Relay = "https://pay.example" }, connected, "", ""},
		"another relay":              {func(d *setup.Draft) { d.Relay = "https://other.example" }, connected, "Pair", "relay.pair_missing"},
		"another store":              {func(d *setup.Draft) { d.Relay, d.SID = "https://pay.example", "999" }, connected, "Pair", "relay.pair_store"},
		"code mistyped":              {func(d *setup.Draft) { d.Relay, d.Pair = "https://pay.example", code[1:]+"0" }, setup.Connection{}, "Pair", "pair.malformed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			draft := m.draft()
			c.change(&draft)
			_, got := live().Read(draft, c.have)
			var want []setup.Problem
			if c.code != "" {
				want = []setup.Problem{{Field: c.field, Code: c.code}}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			said(t, c.code)
		})
	}
}

// TestEveryCodeOfMyPOSHasARow: signed and unsigned, in Live and Test.
func TestEveryCodeOfMyPOSHasARow(t *testing.T) {
	t.Parallel()
	fixes := map[checkout.Status]string{
		2: "check.signature", 3: "check.environment", 4: "check.sid", 5: "check.environment", 6: "check.referer",
		14: "check.not_permitted", 17: "check.inactive", 18: "check.wallet", 19: "check.limits", 25: "check.restricted",
	}
	for _, s := range checkout.Statuses() {
		signed := checkout.Trial{Signed: true, Status: s, Err: &payments.Error{Op: "t", Code: s.Code(), Err: payments.ErrRefused}}
		row := setup.Judge(signed, payments.Live)
		want := setup.Row{Step: setup.StepAccount, Result: setup.Fix, Code: fixes[s], Args: row.Args}
		switch {
		case s == checkout.StatusSuccess:
			want.Result = setup.Works
		case s == checkout.StatusMissingParameters || s == checkout.StatusUnsupportedCall:
			want.Result, want.Code = setup.Unsure, "check.request"
		case want.Code == "":
			want.Result, want.Code = setup.Unsure, "check.odd"
		}
		if diff := cmp.Diff(want, row); diff != "" {
			t.Errorf("status %d: %s", s, diff)
		}
		said(t, row.Code)
		bare := checkout.Trial{Status: s, Err: &payments.Error{Op: "t", Code: "answer.unsigned", Err: payments.ErrUnknown}}
		if row := setup.Judge(bare, payments.Live); row.Result == setup.Works {
			t.Errorf("an unsigned %d works", s)
		}
	}
	for code, want := range map[string]string{
		"net.name": "check.offline", "net.dial": "check.unreachable", "net.timeout": "check.timeout", "net.intercepted": "check.intercepted",
		"net.clock": "check.clock_or_old", "net.portal": "check.portal", "net.tls": "check.tls", "net.cut": "check.cut",
		"net.cancelled": "check.broken_off", "http.503": "check.down", "signature.wrong": "check.other_certificate",
		"answer.malformed": "check.answer", "config.endpoint": "check.settings",
	} {
		row := setup.Judge(checkout.Trial{Err: &payments.Error{Op: "t", Code: code, Err: payments.ErrUnknown}}, payments.Live)
		if row.Code != want || row.Result == setup.Works {
			t.Errorf("%s: %+v", code, row)
		}
		said(t, want)
	}
	for off, want := range map[time.Duration]string{
		0: "", 20 * time.Second: "", -45 * time.Second: "check.clock_near", 6 * time.Minute: "check.clock",
	} {
		if row := setup.Judge(checkout.Trial{Signed: true, Ahead: off}, payments.Live); row.Code != want {
			t.Errorf("%v off: %+v", off, row)
		}
		said(t, want)
	}
	if row := setup.Judge(checkout.Trial{Signed: true, Took: 9 * time.Second}, payments.Live); row.Code != "check.slow" || row.Result != setup.Unsure {
		t.Errorf("slow: %+v", row)
	}
	for _, step := range setup.Steps() {
		if !text.New("de").Has("setup.step." + step) {
			t.Errorf("the step %s has no name", step)
		}
	}
}

func TestJudgeAPI(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]string{
		"rest.credentials": "check.credentials", "rest.401": "check.credentials", "rest.403": "check.scope", "rest.429": "check.busy",
		"rest.500": "check.down", "rest.portal": "check.portal", "rest.answer": "check.answer", "net.name": "check.offline",
		"config.hosts": "check.settings",
	} {
		row := setup.JudgeAPI(setup.StepToken, &payments.Error{Op: "t", Code: code, Err: payments.ErrRefused})
		if row.Code != want || row.Result == setup.Works || row.Step != setup.StepToken {
			t.Errorf("%s: %+v", code, row)
		}
		said(t, want)
	}
	if row := setup.JudgeAPI(setup.StepDevices, nil); row.Result != setup.Works || row.Code != "" {
		t.Errorf("%+v", row)
	}
}

// FuzzRead types anything anywhere. The oracle: what has no problem can be used
// as it is, and a problem always has sentences.
func FuzzRead(f *testing.F) {
	m := newMaterial(f)
	f.Add("12345", "4000", "3", string(m.key.PEM()), "https://pay.example", "AB-1234-5678", "secret")
	f.Add("", "", "", "", "", "", "")
	f.Fuzz(func(t *testing.T, sid, wallet, index, key, address, id, secret string) {
		draft := setup.Draft{
			SID: sid, Wallet: wallet, KeyIndex: index, PrivateKey: key, Certificate: string(m.store.Certificate.PEM()),
			Relay: address, Pair: relay.FormatCode([16]byte{7}), EnableAPI: id != "" || secret != "", ClientID: id, ClientSecret: secret,
		}
		in, problems := live().Read(draft, setup.Connection{})
		for _, p := range problems {
			if !text.New("en").Knows(p.Code) || p.Field == "" {
				t.Errorf("%+v has no sentence", p)
			}
		}
		if len(problems) > 0 {
			return
		}
		store := checkout.Store{SID: in.SID, Wallet: in.Wallet, KeyIndex: in.KeyIndex, Key: in.Key, Certificate: in.Certificate}
		if err := store.Check(); in.SID != "" && err != nil {
			t.Errorf("%+v cannot be used: %v", in, err)
		}
	})
}
