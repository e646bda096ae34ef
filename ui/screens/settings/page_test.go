package settings_test

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"github.com/google/go-cmp/cmp"

	"frontdesk/app/setup"
	"frontdesk/payments"
	"frontdesk/ui/screens/settings"
)

// stored is the draft that changes nothing about connection().
func stored() setup.Draft {
	return setup.Draft{
		SID: "1048207", Wallet: "40217735581", KeyIndex: "2", EnableAPI: true, ClientID: "MB-2041-7733", Relay: "https://pay.salon.example",
		OnlinePayments: true,
	}
}

func TestSaveSendsOneSectionAndKeepsSecrets(t *testing.T) {
	r := start(t, payments.Live, &desk{have: connection()})
	r.page.Show(settings.Checkout)
	r.shows("Stored since 3 November. Leave blank to keep it, or paste a new one.")
	r.shows("until 21 May 2031")
	r.field("Key index").SetText("3")
	r.press("Save")
	want := stored()
	want.KeyIndex = "3"
	if diff := cmp.Diff([]setup.Draft{want}, r.desk.saved); diff != "" || r.desk.by != "ELENA000" {
		t.Errorf("saved by %q:\n%s", r.desk.by, diff)
	}
	r.shows("Saved. It holds from the next charge on.")
}

func TestSecretsAreGoneOnceTheyAreStored(t *testing.T) {
	r := start(t, payments.Live, &desk{have: connection()})
	r.page.Show(settings.Checkout)
	r.field("Private key").SetText("canary-private")
	r.page.Show(settings.REST)
	r.field("Client Secret").SetText("canary-secret")
	r.press("Save")
	if got := r.desk.saved[0].ClientSecret; got != "canary-secret" || r.desk.saved[0].PrivateKey != "" {
		t.Errorf("sent secret %q and a key of another section: %v", got, r.desk.saved[0].PrivateKey != "")
	}
	if r.field("Client Secret").Text() != "" {
		t.Error("the secret stays in its field")
	}
	r.page.Show(settings.Checkout)
	if r.field("Private key").Text() == "" {
		t.Error("what was typed elsewhere is gone")
	}
	r.hides("canary")
	r.press("Discard")
	if r.field("Private key").Text() != "" {
		t.Error("discarding keeps the key")
	}
}

func TestProblemsStandBesideTheirFields(t *testing.T) {
	d := &desk{have: connection(), problems: []setup.Problem{{Field: setup.FieldWallet, Code: "operator.name"}, {Field: "NoSuchField", Code: "operator.twin"}}}
	r := start(t, payments.Live, d)
	r.page.Show(settings.Checkout)
	r.press("Save")
	if len(d.saved) != 0 {
		t.Error("it was saved with a problem")
	}
	r.shows(r.words.Problem("operator.name").What)
	r.shows(r.words.Problem("operator.twin").What) // one that no field has stands at the foot
	if !r.field("Wallet number").Focused() {
		t.Error("the cursor does not stand in the first wrong field")
	}
	d.problems = nil
	r.field("Wallet number").SetText("40217735582")
	r.hides(r.words.Problem("operator.name").What)
	r.press("Save")
	if len(d.saved) != 1 {
		t.Error("it is not saved without problems")
	}
}

func TestASaveThatFailsKeepsWhatWasTyped(t *testing.T) {
	r := start(t, payments.Live, &desk{have: connection(), err: refused("operator.right")})
	r.page.Show(settings.Checkout)
	r.field("Store ID (SID)").SetText("1048208")
	r.press("Save")
	r.shows(r.words.Problem("operator.right").What)
	if r.field("Store ID (SID)").Text() != "1048208" {
		t.Error("the field was emptied")
	}
}

func TestThePackFillsEveryField(t *testing.T) {
	d := &desk{found: setup.Diagnosis{Kind: setup.KindPack, Bits: 2048, SID: "77", Wallet: "61938166610", KeyIndex: 4}}
	r := start(t, payments.Live, d)
	r.page.Show(settings.Checkout)
	r.press("Paste pack")
	r.shows("The clipboard is empty.")
	r.clip = "the pack"
	r.press("Paste pack")
	if r.field("Store ID (SID)").Text() != "77" || r.field("Key index").Text() != "4" {
		t.Error("the fields are not filled")
	}
	r.shows("The pack of store 77, with a key of 2048 bits.")
	r.press("Save")
	if diff := cmp.Diff([]setup.Draft{{Pack: "the pack", SID: "77", Wallet: "61938166610", KeyIndex: "4"}}, d.saved); diff != "" {
		t.Error(diff)
	}
	r.press("Test connection")
	if d.tested[0].Pack != "" {
		t.Error("the pack outlives its saving")
	}
}

func TestTheDoctorSpeaksWhileItIsPasted(t *testing.T) {
	long := strings.Repeat("x", 40)
	d := &desk{found: setup.Diagnosis{Kind: setup.KindPrivateKey, Format: "PKCS#8", Bits: 1024, Fixed: true}}
	r := start(t, payments.Live, d)
	r.page.Show(settings.Checkout)
	r.field("Private key").SetText("short")
	r.hides("RSA 1024")
	r.field("Private key").SetText(long)
	r.shows("A private key, RSA 1024, PKCS#8. Broken line ends were put right. It is short")
	d.problems = []setup.Problem{{Field: setup.FieldPrivateKey, Code: "operator.name"}}
	r.field("Private key").SetText(long + "y")
	r.shows(r.words.Problem("operator.name").What)
	d.problems, d.found = nil, setup.Diagnosis{Kind: setup.KindPack, Bits: 2048, SID: "77", Wallet: "6", KeyIndex: 1}
	r.field("Private key").SetText(long + "z") // a pack in the wrong box is taken as one
	if r.field("Store ID (SID)").Text() != "77" || r.field("Private key").Text() != "" {
		t.Error("a pack pasted as the key was not taken")
	}
}

func TestRowsFillInAndAnOlderTestIsDropped(t *testing.T) {
	d := &desk{have: connection(), rows: []setup.Row{
		{Step: setup.StepKey, Result: setup.Works, Args: []string{"2048"}},
		{Step: setup.StepCertificate, Result: setup.Works, Args: []string{"2031-05-14"}},
		{Step: setup.StepAccount, Result: setup.Fix, Code: "status.3"},
	}}
	r := start(t, payments.Live, d)
	r.page.Show(settings.Checkout)
	r.press("Test connection")
	r.shows("RSA 2048, signs and verifies itself.")
	r.shows("Readable and good until 14 May 2031.")
	r.shows("Needs a fix")
	r.press("Show the field")
	if !r.field("Key index").Focused() {
		t.Error("the fix does not lead to the index")
	}
	d.rows = []setup.Row{{Step: setup.StepKey, Result: setup.Fix, Code: "operator.name"}}
	d.during = func() { // a newer test begins while this one runs
		d.during, d.rows = nil, []setup.Row{{Step: setup.StepKey, Result: setup.Works}}
		r.page.Retest()
		r.run.flush()
	}
	r.page.Retest()
	r.run.flush()
	r.shows("Signs, and its signature checks out.")
	r.hides(r.words.Problem("operator.name").What)
	if len(d.tested) != 3 {
		t.Errorf("%d tests", len(d.tested))
	}
}

func TestEnableAPIWantsBothValues(t *testing.T) {
	r := start(t, payments.Live, &desk{})
	r.page.Show(settings.REST)
	r.shows("Fill in Client ID and Client Secret first.")
	r.field("Client ID").SetText("MB-1")
	r.shows("Fill in the Client Secret first.")
	r.press("Enable API, Off, Fill in the Client Secret first.")
	r.field("Client Secret").SetText("s")
	r.press("Enable API, Off")
	r.press("Save")
	if diff := cmp.Diff([]setup.Draft{{EnableAPI: true, ClientID: "MB-1", ClientSecret: "s"}}, r.desk.saved); diff != "" {
		t.Error(diff)
	}
}

func TestWaysAreKeptAtOnce(t *testing.T) {
	r := start(t, payments.Live, &desk{have: connection()})
	r.page.Show(settings.Ways)
	r.shows("Add a terminal under Devices first.")
	r.press("Online payments, On")
	want := stored()
	want.OnlinePayments = false
	if diff := cmp.Diff([]setup.Draft{want}, r.desk.saved); diff != "" {
		t.Error(diff)
	}
	r.desk.err = refused("operator.right")
	r.press("Online payments, On") // the desk still says so
	r.shows(r.words.Problem("operator.right").What)
}

func TestDisconnectAndErase(t *testing.T) {
	r := start(t, payments.Live, &desk{have: connection(), open: 2})
	r.page.Show(settings.Checkout)
	r.press("Disconnect…")
	r.shows("2 payments are still open")
	r.press("Keep it connected")
	if len(r.desk.gone) != 0 {
		t.Fatalf("done unasked: %v", r.desk.gone)
	}
	r.press("Disconnect…")
	r.press("Erase everything now…")
	r.shows("the pairing with the relay and the key of this desk")
	r.press("Keep it")
	r.press("Disconnect…")
	r.desk.err = refused("operator.right")
	r.press("Disconnect")
	r.shows(r.words.Problem("operator.right").What)
	r.desk.err = nil
	r.desk.have.KeySince, r.desk.have.Disconnected = time.Time{}, when()
	r.press("Disconnect")
	if r.host.Top() != nil {
		t.Error("the question stays")
	}
	r.shows("Disconnected since 21 November")
	r.press("Erase everything now…")
	r.press("Erase everything")
	want := []string{"disconnect ELENA000", "disconnect ELENA000", "erase ELENA000"}
	if diff := cmp.Diff(want, r.desk.gone); diff != "" {
		t.Error(diff)
	}
}

func TestModeAsksWithOpenSales(t *testing.T) {
	r := start(t, payments.Practice, &desk{})
	r.press("Switch to Test")
	r.sales = 1
	r.press("Switch to Live")
	r.shows("1 sale is still open. Switch anyway?")
	r.press("Stay in Practice")
	r.press("Switch to Live")
	r.press("Switch to Live")
	if diff := cmp.Diff([]payments.Mode{payments.Test, payments.Live}, r.switched); diff != "" {
		t.Error(diff)
	}
}

func TestRenewShowsWhatChangedElsewhere(t *testing.T) {
	r := start(t, payments.Live, &desk{have: connection()})
	r.page.Show(settings.Relay)
	r.page.Show(settings.Checkout)
	r.field("Wallet number").SetText("1")
	r.desk.have.Relay, r.desk.have.SID = "https://new.example", "9"
	r.page.Renew()
	if r.field("Wallet number").Text() != "1" {
		t.Error("what was typed is gone")
	}
	r.page.Show(settings.Relay)
	if got := r.field("Address of the relay").Text(); got != "https://new.example" {
		t.Errorf("the untouched section shows %q", got)
	}
}

func TestLockedVault(t *testing.T) {
	have := connection()
	have.Locked, have.LockCode = true, "operator.pin"
	r := start(t, payments.Live, &desk{have: have, err: refused("operator.pin")})
	r.page.Show(settings.Checkout)
	r.shows("Charge offers Practice and cash only.")
	r.press("Unlock")
	r.field("Passphrase").SetText("wrong")
	r.press("Unlock")
	r.shows(r.words.Problem("operator.pin").What)
	if r.desk.pass != "wrong" || r.field("Passphrase").Text() != "" {
		t.Errorf("sent %q, and %q stays in the field", r.desk.pass, r.field("Passphrase").Text())
	}
	r.desk.err, r.desk.have = nil, connection()
	r.field("Passphrase").SetText("right")
	r.press("Unlock")
	r.shows("Store ID (SID)")
}

func TestPracticeAndTestNeedNothing(t *testing.T) {
	r := start(t, payments.Practice, &desk{})
	r.page.Show(settings.Checkout)
	r.shows("In Practice, myPOS runs inside this program")
	r.press("Connect myPOS")
	if len(r.switched) != 1 || r.switched[0] != payments.Live {
		t.Errorf("switched to %v", r.switched)
	}
	have := connection()
	r = start(t, payments.Test, &desk{have: have})
	r.page.Show(settings.Checkout)
	r.shows("The sandbox store of myPOS is built in")
	r.press("Test connection")
	if d := r.desk.tested[0]; d.SID+d.Wallet+d.KeyIndex+d.Pack != "" {
		t.Errorf("Test tests typed credentials: %+v", d)
	}
}

func TestArrowsMoveThroughTheMenu(t *testing.T) {
	r := start(t, payments.Live, &desk{have: connection()})
	c := r.window.Canvas()
	c.SetOnTypedKey(func(e *fyne.KeyEvent) { r.page.Key(e) })
	c.FocusNext()
	for _, k := range []fyne.KeyName{fyne.KeyUp, fyne.KeyDown, fyne.KeyDown, fyne.KeyDown, fyne.KeyUp, fyne.KeyReturn} {
		c.Focused().TypedKey(&fyne.KeyEvent{Name: k})
	}
	if r.page.At() != settings.REST {
		t.Errorf("the arrows lead to %q", r.page.At())
	}
}

func TestADeskWithoutKeyringAsksForAPassphrase(t *testing.T) {
	r := start(t, payments.Live, &desk{have: connection(), err: refused("vault.passphrase_needed")})
	r.page.Show(settings.Checkout)
	r.field("Key index").SetText("3")
	r.press("Save")
	r.shows("This desk needs a passphrase")
	r.field("Passphrase").SetText("correct horse")
	r.press("Use it")
	r.shows("These were two different ones.")
	if r.desk.pass != "" {
		t.Error("a passphrase that was typed once is used")
	}
	r.desk.err = nil
	r.field("Once more").SetText("correct horse")
	r.press("Use it")
	if r.desk.pass != "correct horse" || len(r.desk.saved) != 2 || r.desk.saved[1].KeyIndex != "3" {
		t.Errorf("unlocked with %q, saved %d times", r.desk.pass, len(r.desk.saved))
	}
	r.shows("Saved. It holds from the next charge on.")
}

// What is left behind by a change is told first, and left only on demand.
func TestAWatchedChangeIsInsistedOn(t *testing.T) {
	r := start(t, payments.Live, &desk{have: connection(), err: refused("connection.watched")})
	r.page.Show(settings.Checkout)
	r.field("Store ID (SID)").SetText("1048208")
	r.press("Save")
	r.shows(r.words.Problem("connection.watched").What)
	r.press("Wait")
	if len(r.desk.saved) != 1 || r.field("Store ID (SID)").Text() != "1048208" {
		t.Fatalf("%d saves", len(r.desk.saved))
	}
	r.press("Save")
	r.desk.err = nil
	r.press("Save anyway")
	if n := len(r.desk.saved); n != 3 || r.desk.saved[1].Insist || !r.desk.saved[2].Insist || r.desk.saved[2].SID != "1048208" {
		t.Errorf("%d saves, insisted: %t", n, r.desk.saved[n-1].Insist)
	}
}

func TestTheTestTriesWhatStandsInAllSections(t *testing.T) {
	r := start(t, payments.Live, &desk{have: connection()})
	r.page.Show(settings.REST)
	r.field("Client Secret").SetText("new")
	r.page.Show(settings.Checkout)
	r.field("Key index").SetText("3")
	r.press("Test connection")
	want := stored()
	want.KeyIndex, want.ClientSecret = "3", "new"
	if diff := cmp.Diff([]setup.Draft{want}, r.desk.tested); diff != "" {
		t.Error(diff)
	}
}

func TestNothingIsTestedWhileItIsSaved(t *testing.T) {
	r := start(t, payments.Live, &desk{have: connection()})
	r.page.Show(settings.Checkout)
	r.field("Key index").SetText("3")
	r.desk.saving = func() {
		r.page.Retest()
		r.desk.saving = nil
	}
	r.press("Save")
	if len(r.desk.saved) != 1 || len(r.desk.tested) != 0 {
		t.Errorf("%d saves, %d tests", len(r.desk.saved), len(r.desk.tested))
	}
	r.press("Test connection")
	if len(r.desk.tested) != 1 {
		t.Error("it cannot be tested any more")
	}
}
