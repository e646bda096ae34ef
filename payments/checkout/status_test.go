package checkout

import (
	"strings"
	"testing"
)

func TestStatuses(t *testing.T) {
	names := []string{
		"SUCCESS", "E_MISSING_REQ_PARAMS", "E_SIGNATURE_FAILED", "E_IPC_ERROR", "E_INVALID_SID", "E_INVALID_PARAMS",
		"E_INVALID_REFERER", "STATUS_PAYMENT_TRIES", "E_TRANSACTION_AUTH_FAIL", "E_WRONG_AMOUNT", "E_UNSUPPORTED_CALL",
		"E_INACTIVE_MANDATE_REFERENCE", "E_INVALID_MANDATE_REFERENCE", "E_NOT_SUFFICIENT_FUNDS", "E_TRANSACTION_NOT_PERMITTED",
		"E_EXCEEDED_LIMIT", "E_MANDATE_ALREADY_REGISTERED", "E_INACTIVE_ACOUNTIDENTIFIER", "E_INVALID_ACOUNTIDENTIFIER",
		"E_EXEEDED_ACCOUNT_LIMITS", "E_DUPLICATE_TRANSMISSION", "E_TRANSACTION_DECLINED", "E_WRONG_EXPIRE_DATE", "E_INVALID_SESSION",
		"E_3DS_AUTHENTICATION_FAILED", "E_STORE_RESTRICTED",
	}
	all := Statuses()
	if len(all) != 27 || all[26] != StatusUndefined {
		t.Fatalf("%d codes, the last is %d", len(all), all[len(all)-1])
	}
	sentences := map[string]Status{}
	for i, s := range all {
		if i < len(names) && (int(s) != i || s.Name() != names[i]) {
			t.Errorf("code %d is %d %s, want %s", i, s, s.Name(), names[i])
		}
		for _, text := range []string{s.Sentence(), s.Fix()} {
			if len(text) < 10 || !strings.HasSuffix(text, ".") || strings.ContainsAny(text, "<>&\n") {
				t.Errorf("%s: %q is no sentence", s.Name(), text)
			}
		}
		if other, ok := sentences[s.Sentence()]; ok {
			t.Errorf("%s and %s say the same", s.Name(), other.Name())
		}
		sentences[s.Sentence()] = s
	}
	if all[26].Name() != "E_UNDEFINED_ERROR" {
		t.Errorf("99 is %s", all[26].Name())
	}
}

func TestNumbersOutsideTheTable(t *testing.T) {
	for _, s := range []Status{-1, 26, 77, 98, 100, 65535} {
		if s.Name() != "E_UNDEFINED_ERROR" || s.Sentence() != StatusUndefined.Sentence() || s.Fix() != StatusUndefined.Fix() {
			t.Errorf("%d: %s, %s", s, s.Name(), s.Sentence())
		}
	}
	if code := Status(77).Code(); code != "status.77" {
		t.Errorf("code %q", code)
	}
}
