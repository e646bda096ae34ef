package terminal_test

import (
	"errors"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"frontdesk/payments"
	"frontdesk/payments/terminal"
)

func bubble(t *testing.T, name string, do func(t *testing.T, s *stand)) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			s := newStand()
			do(t, s)
			s.lives.Wait()
		})
	})
}

func TestASaleFromEndToEnd(t *testing.T) {
	t.Parallel()
	bubble(t, "approved", func(t *testing.T, s *stand) {
		d := s.driver(t)
		info, err := d.Prepare(t.Context())
		if err != nil || info.Code != "" || info.TerminalID != "80012345" || info.Currency != "EUR" || !info.Printer || info.Version != 202 || info.Last.SID != "" {
			t.Fatalf("%+v, %v", info, err)
		}
		var names []terminal.StageName
		got, err := d.Purchase(t.Context(), terminal.Purchase{SID: sidS, Amount: euros(1234), Reference: "INV-1001"}, func(s terminal.Stage) {
			names = append(names, s.Name)
			if s.Cancellable != (s.Name == terminal.StageSent || s.Name == terminal.StagePresentCard) {
				t.Errorf("%+v", s)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		got.Raw = nil
		want := terminal.Result{
			SID: sidS, Outcome: payments.Paid, Class: terminal.Charged, Unfinished: true, TxStatus: "0", Approval: "00", AuthCode: "P00123",
			RRN: "623100000001", STAN: "4", Amount: euros(1234), AmountText: "12.34", CardLast4: "1234", CardName: "Maestro", EntryMode: "P", Reference: "INV-1001",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]terminal.StageName{"sent", "present_card", "card_read"}, names); diff != "" {
			t.Error(diff)
		}
		found, err := d.Lookup(t.Context(), sidS, "")
		if err != nil || found.Outcome != payments.Paid || !found.Unfinished || found.Amount != euros(1234) || found.SID != sidS {
			t.Errorf("lookup: %+v, %v", found, err)
		}
		for range 2 {
			if err := d.Complete(t.Context(), sidS); err != nil {
				t.Error(err)
			}
		}
		found, err = d.Lookup(t.Context(), sidS, "")
		if err != nil || found.Outcome != payments.Paid || found.Unfinished {
			t.Errorf("lookup: %+v, %v", found, err)
		}
		if _, err := d.Purchase(t.Context(), terminal.Purchase{SID: sidS, Amount: euros(1234)}, nil); payments.CodeOf(err) != "terminal.repeated" || !errors.Is(err, payments.ErrRefused) {
			t.Error(err)
		}
		if taken, _ := s.ledger(); taken[sidS] != 1 || s.sent("PURCHASE") != 1 {
			t.Errorf("%v, %v", taken, s.heard())
		}
	})
}
