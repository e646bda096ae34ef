package simulator

import (
	"strconv"
	"testing"

	"frontdesk/payments/checkout"
)

// TestRotate: pairs of both indexes work side by side, each with a certificate
// of its own, and are there after a restart.
func TestRotate(t *testing.T) {
	r := newRig(t)
	first, err := checkout.ParsePack(r.get("/_sim/pack").Body.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	second, err := checkout.ParsePack(r.do("POST", "/_sim/rotate", "", "").Body.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if second.KeyIndex != first.KeyIndex+1 || second.SID != first.SID || second.Wallet != first.Wallet ||
		second.Key.Fingerprint() == first.Key.Fingerprint() || second.Certificate.KeyFingerprint() == first.Certificate.KeyFingerprint() {
		t.Fatal("not another pair of the same store")
	}
	for range 2 {
		for _, store := range []checkout.Store{first, second} {
			f, err := checkout.Sign(store.Key, checkout.Fields{
				{Name: "IPCmethod", Value: checkout.MethodStatus},
				{Name: "IPCVersion", Value: "1.4"},
				{Name: "IPCLanguage", Value: "EN"},
				{Name: "SID", Value: store.SID},
				{Name: "WalletNumber", Value: store.Wallet},
				{Name: "KeyIndex", Value: strconv.Itoa(store.KeyIndex)},
				{Name: "Source", Value: "test"},
				{Name: "OrderID", Value: "NONE"},
				{Name: "OutputFormat", Value: "json"},
			})
			if err != nil {
				t.Fatal(err)
			}
			body := r.post("/vmp/checkout", f).Body.Bytes()
			if _, err := checkout.VerifyJSON(body, store.Certificate); err != nil {
				t.Errorf("index %d: %v: %s", store.KeyIndex, err, body)
			}
		}
		r.stop()
		r.start()
		newest, err := checkout.ParsePack(r.get("/_sim/pack").Body.Bytes())
		if err != nil || newest.KeyIndex != second.KeyIndex {
			t.Errorf("after a restart: index %d, %v", newest.KeyIndex, err)
		}
	}
}
