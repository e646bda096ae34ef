package stories

import (
	"errors"
	"time"

	"frontdesk/app"
	"frontdesk/app/receipt"
	"frontdesk/app/setup"
	"frontdesk/payments"
	"frontdesk/ui"
)

// settingsStory opens a section of Settings and then does things to it.
func settingsStory(name string, golden bool, section string, r room, then ...func(*Stage) error) Story {
	return Story{Name: "settings-" + name, Golden: golden, Build: func(st *Stage) error {
		r := r
		r.begin = "settings." + section
		if r.run == nil && r.desk != nil && r.desk.frozen != nil {
			frozen, desk := false, *r.desk
			desk.frozen = &frozen
			r.desk, r.run = &desk, half{&frozen}
		}
		if _, err := r.build(st); err != nil {
			return err
		}
		var errs []error
		if st.Window.Canvas().Overlays().Top() != nil { // the lock
			errs = append(errs, keysTyped(rightPIN)(st))
		}
		st.Window.Canvas().Unfocus()
		for _, f := range then {
			errs = append(errs, f(st))
		}
		return errors.Join(errs...)
	}}
}

// taps presses what is called by a key of the catalogue.
func taps(key string, args ...any) func(*Stage) error {
	return func(st *Stage) error { return press(st, st.Text.T(key, args...)) }
}

// types puts words into the field called by a key.
func types(key, words string) func(*Stage) error {
	return func(st *Stage) error { return typeInto(st, st.Text.T(key), words) }
}

// live is a room in which nobody has a PIN, so that nothing is locked.
func live(o office) room {
	people := withPINs(salonStaff(), false)
	return room{mode: payments.Live, desk: &o, staff: &people}
}

// allWorks is a test in which one thing is not used and one needs a look.
func allWorks() []setup.Row {
	return []setup.Row{
		{Step: setup.StepKey, Result: setup.Works, Args: []string{"2048"}},
		{Step: setup.StepCertificate, Result: setup.Works, Args: []string{"2031-05-14"}},
		{Step: setup.StepAccount, Result: setup.Works},
		{Step: setup.StepNotify, Result: setup.Works},
		{Step: setup.StepToken, Result: setup.NotUsed},
		{Step: setup.StepDevices, Result: setup.NotUsed},
		{Step: setup.StepCloud, Result: setup.NotUsed},
	}
}

func settingsStories() []Story {
	var all []Story
	all = append(all, modeStories()...)
	all = append(all, checkoutSettings()...)
	all = append(all, accountSettings()...)
	all = append(all, plainSettings()...)
	all = append(all, cloudStories()...)
	return all
}

func modeStories() []Story {
	practice := func() room {
		people := withPINs(salonStaff(), false)
		return room{mode: payments.Practice, desk: &office{have: setup.Connection{Mode: payments.Practice, Online: true}}, staff: &people}
	}
	busy := practice()
	busy.snap = func(s *app.Snapshot) {
		s.Recent = append([]app.Sale{sample{client: "Anna Berger", minor: 4500, state: app.Offered, ago: time.Minute}.sale()}, s.Recent...)
	}
	sim := live(office{have: connected()})
	sim.fake = true
	phone, open := practice(), practice()
	phone.phone, open.phone = handset{}, handset{open: true}
	test := practice()
	test.mode = payments.Test
	test.desk = &office{have: setup.Connection{Mode: payments.Test, SID: "000000000000010", Wallet: "61938166610", KeyIndex: 1, KeyBits: 1024, Online: true}}
	return []Story{
		settingsStory("mode", true, "mode", practice()),
		settingsStory("mode-ask", false, "mode", busy, func(st *Stage) error {
			return press(st, st.Text.T("settings.mode.go", st.Text.T("mode.live")))
		}),
		settingsStory("mode-simulated", true, "mode", sim),
		settingsStory("practice", false, "checkout", practice()),
		settingsStory("phone", false, "phone", phone, taps("settings.phone.open")),
		settingsStory("phone-open", false, "phone", open),
		settingsStory("sandbox", false, "checkout", test),
	}
}

func checkoutSettings() []Story {
	empty := office{have: setup.Connection{Mode: payments.Live, Online: true}}
	stored := office{have: connected(), rows: allWorks()}
	pack := empty
	pack.found = setup.Diagnosis{Kind: setup.KindPack, Bits: 2048, SID: "1048207", Wallet: "40217735581", KeyIndex: 2, Fixed: true, Until: connected().CertUntil}
	wrong := empty
	wrong.problems = []setup.Problem{
		{Field: setup.FieldSID, Code: "sid.missing"},
		{Field: setup.FieldWallet, Code: "wallet.letters"},
		{Field: setup.FieldKeyIndex, Code: "index.range"},
		{Field: setup.FieldPrivateKey, Code: "key.none"},
		{Field: setup.FieldCertificate, Code: "certificate.none"},
	}
	swapped := empty
	swapped.found = setup.Diagnosis{Kind: setup.KindCertificate, Format: "X.509", Bits: 2048}
	swapped.problems = []setup.Problem{{Field: setup.FieldPrivateKey, Code: "key.certificate"}}
	short := empty
	short.found = setup.Diagnosis{Kind: setup.KindPrivateKey, Format: "PKCS#1", Bits: 1024, Fixed: true}
	running, failing := testing(stored)
	gone := office{have: connected()}
	gone.have.KeySince, gone.have.KeyBits, gone.have.Disconnected = time.Time{}, 0, time.Date(2026, 11, 19, 18, 0, 0, 0, time.UTC)
	open := stored
	open.open = 2
	pasted := live(pack)
	pasted.clip = "a pack"
	blank := live(empty)
	long := "-----BEGIN CERTIFICATE-----"
	return []Story{
		settingsStory("checkout-empty", false, "checkout", live(empty)),
		settingsStory("checkout", true, "checkout", live(stored), taps("test.run")),
		settingsStory("checkout-running", false, "checkout", live(running), taps("test.run")),
		settingsStory("checkout-failing", false, "checkout", live(failing), taps("test.run")),
		settingsStory("checkout-pack", false, "checkout", pasted, taps("settings.pack.paste")),
		settingsStory("checkout-nopack", false, "checkout", blank, taps("settings.pack.paste")),
		settingsStory("checkout-problems", true, "checkout", live(wrong), taps("settings.save")),
		settingsStory("checkout-swapped", false, "checkout", live(swapped), types("settings.key", long)),
		settingsStory("checkout-short", false, "checkout", live(short), types("settings.key", long)),
		settingsStory("passphrase", false, "checkout", live(office{have: connected(), err: needsPassphrase()}), taps("settings.save")),
		settingsStory("disconnect", true, "checkout", live(open), taps("settings.disconnect")),
		settingsStory("erase", false, "checkout", live(open), taps("settings.disconnect"), taps("settings.erase")),
		settingsStory("disconnected", false, "checkout", live(gone)),
		settingsStory("guide-pack", false, "checkout", live(empty), func(st *Stage) error {
			return press(st, st.Text.T("guide.where", st.Text.T("settings.pack")))
		}),
		settingsStory("guide-domain", false, "checkout", live(stored), taps("settings.domain.how")),
	}
}

// testing is a desk whose test runs, and one whose test finds something.
func testing(stored office) (running, failing office) {
	running = stored
	frozen := false
	running.frozen = &frozen
	running.rows = []setup.Row{
		{Step: setup.StepKey, Result: setup.Works, Args: []string{"2048"}},
		{Step: setup.StepCertificate, Result: setup.Works, Args: []string{"2031-05-14"}},
		{Step: setup.StepAccount, Result: setup.Running},
	}
	failing = stored
	failing.rows = []setup.Row{
		{Step: setup.StepKey, Result: setup.Works, Args: []string{"2048"}},
		{Step: setup.StepCertificate, Result: setup.Works, Args: []string{"2031-05-14"}},
		{Step: setup.StepAccount, Result: setup.Fix, Code: "status.25"},
		{Step: setup.StepNotify, Result: setup.Unsure, Code: "relay.unreachable"},
		{Step: setup.StepToken, Result: setup.NotUsed},
		{Step: setup.StepDevices, Result: setup.NotUsed},
		{Step: setup.StepCloud, Result: setup.NotUsed},
	}
	return running, failing
}

func needsPassphrase() error {
	return &payments.Error{Op: "vault.open", Code: "vault.passphrase_needed", Err: payments.ErrRefused}
}

func accountSettings() []Story {
	empty := office{have: setup.Connection{Mode: payments.Live, Online: true}}
	api := office{have: connected()}
	api.have.EnableAPI, api.have.ClientID, api.have.SecretSince = true, "MB-2041-7733", time.Date(2025, 12, 30, 0, 0, 0, 0, time.UTC)
	silent := live(office{have: connected()})
	silent.snap = func(s *app.Snapshot) { s.Relay = payments.Proof{At: now().Add(-48 * time.Second), Err: "silent"} }
	return []Story{
		settingsStory("rest-empty", false, "rest", live(empty)),
		settingsStory("rest", false, "rest", live(api)),
		settingsStory("relay-empty", false, "relay", live(empty)),
		settingsStory("relay", false, "relay", live(office{have: connected()})),
		settingsStory("relay-silent", false, "relay", silent),
		settingsStory("ways", false, "ways", live(office{have: connected()})),
	}
}

func plainSettings() []Story {
	calm := live(office{have: connected()})
	people := salonStaff()
	pins := live(office{have: connected()})
	pins.staff = &people
	alone := live(office{have: connected()})
	alone.staff = nil
	locked := live(office{have: setup.Connection{Mode: payments.Live, SID: "1048207", Locked: true, LockCode: "vault.locked", Online: true}})
	locked.snap = func(s *app.Snapshot) {
		s.Trouble = []app.Trouble{{Code: "vault.locked", Since: now().Add(-time.Hour)}}
	}
	lost := live(office{have: connected()})
	lost.snap = func(s *app.Snapshot) {
		s.Trouble = []app.Trouble{{Code: "notify.lost", Since: now().Add(-time.Hour)}, {Code: "page.signature", Since: now().Add(-time.Minute)}}
	}
	shop, jammed, found := calm, calm, calm
	shop.press = &printshop{mode: payments.Live}
	jammed.press = &printshop{mode: payments.Live, trouble: refusedBy("printer.paper", payments.ErrUnreachable)}
	found.press = &printshop{mode: payments.Live, system: true, found: []receipt.Found{
		{Kind: "system", Address: "HP_LaserJet", Name: "HP LaserJet M110w", Default: true}, {Kind: "system", Address: "Star", Name: "Star TSP143"},
	}}
	empty := calm
	empty.kept = &cupboard{}
	lonely := calm
	lonely.desks = squad{refuse: refusedBy("relay.unreachable", payments.ErrUnreachable)}
	return []Story{
		settingsStory("receipt", true, "receipt", shop),
		settingsStory("receipt-none", false, "receipt", calm),
		settingsStory("receipt-found", false, "receipt", found, taps("settings.printer.search")),
		settingsStory("receipt-works", false, "receipt", shop, taps("settings.printer.try")),
		settingsStory("receipt-paper", true, "receipt", jammed, taps("settings.printer.try")),
		settingsStory("receipt-wrong", false, "receipt", shop, types("settings.receipt.vat", "a fifth"), types("settings.printer.port", "many"), taps("settings.save")),
		settingsStory("backup", true, "backup", calm),
		settingsStory("backup-none", false, "backup", empty),
		settingsStory("backup-made", false, "backup", calm, taps("settings.backup.now")),
		settingsStory("backup-secrets", true, "backup", calm, taps("settings.backup.secrets")),
		settingsStory("fleet", true, "relay", calm, taps("settings.fleet.code")),
		settingsStory("fleet-rename", false, "relay", calm, taps("settings.fleet.rename", "Colour bar, first floor")),
		settingsStory("fleet-revoke", false, "relay", calm, taps("settings.fleet.revoke", "Colour bar, first floor")),
		settingsStory("fleet-silent", false, "relay", lonely),
		settingsStory("watched", false, "checkout", live(office{have: connected(), err: refusedBy("connection.watched", payments.ErrRefused)}), taps("settings.save")),
		settingsStory("salon", false, "salon", calm),
		settingsStory("salon-alone", false, "salon", alone),
		settingsStory("look", false, "look", calm),
		settingsStory("about", false, "about", calm),
		settingsStory("operators", true, "operators", pins),
		settingsStory("locked", false, "checkout", locked),
		{Name: "trouble", Build: func(st *Stage) error { return at(st, lost, nil) }},
		{Name: "vault-locked", Build: func(st *Stage) error { return at(st, locked, nil) }},
		{Name: "vault-unlock", Build: func(st *Stage) error {
			if err := at(st, locked, nil); err != nil {
				return err
			}
			return press(st, st.Text.T("unlock.do"))
		}},
	}
}

// at shows the till itself; without then, somebody is at the desk already.
func at(st *Stage, r room, then func(*ui.Window) error) error {
	r.begin = ui.BeginAtCharge
	w, err := r.build(st)
	if err == nil && then == nil && st.Window.Canvas().Overlays().Top() != nil { // the lock
		err = keysTyped(rightPIN)(st)
	}
	if err == nil && then != nil {
		err = then(w)
	}
	return err
}
