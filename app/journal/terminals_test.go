package journal_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"frontdesk/app"
	"frontdesk/app/journal"
	"frontdesk/payments"
)

// present makes the events of one sale on a terminal, up to the amount leaving.
func present(n int, device string) []app.Event {
	events := sale(n, "")
	events[1].Data = data(app.IntentData{Rail: payments.RailTerminal, OrderID: events[0].Reference + string(attempt(n)), Device: device, DeviceLabel: "Front", SID: "sid"})
	return append(events, event(n, app.TerminalSending, app.FromDesk, "", app.SendingData{Previous: "before"}))
}

func outcome(n int, o payments.Outcome) app.Event {
	return event(n, app.TerminalOutcome, app.FromTerminal, "", app.OutcomeData{Outcome: o, Card: payments.Card{RRN: "623100000001", Last4: "1234"}})
}

func TestATerminalDoesOneThingAtATime(t *testing.T) {
	t.Parallel()
	j := open(t, t.TempDir())
	put(t, j, present(1, "D1")...)
	if _, err := j.Append(t.Context(), present(2, "D1"), nil); payments.CodeOf(err) != "journal.constraint" {
		t.Fatalf("a second payment on the device: %v", err)
	}
	put(t, j, present(2, "D2")...)
	put(t, j, outcome(1, payments.Paid))
	put(t, j, present(3, "D1")...)
}

func TestAnEntryOfTheListPaysOnce(t *testing.T) {
	t.Parallel()
	j := open(t, t.TempDir())
	put(t, j, sale(1, "")...)
	put(t, j, sale(2, "")...)
	put(t, j, event(1, app.PaymentSeen, app.FromList, "POSA1", nil))
	if done := put(t, j, event(1, app.PaymentSeen, app.FromList, "POSA1", nil)); len(done) != 0 {
		t.Error("a repeat was written")
	}
	if _, err := j.Append(t.Context(), []app.Event{event(2, app.PaymentSeen, app.FromList, "POSA1", nil)}, nil); payments.CodeOf(err) != "journal.constraint" {
		t.Errorf("the entry paid another attempt: %v", err)
	}
	put(t, j, event(2, app.PaymentSeen, app.FromNotice, "POSA1", nil)) // another list of names
}

func TestQueriesAboutTerminals(t *testing.T) {
	t.Parallel()
	j := open(t, t.TempDir())
	put(t, j, sale(1, "")...)
	put(t, j, append(present(2, "D1"), outcome(2, payments.Paid))...)
	put(t, j, append(present(3, "D2"), outcome(3, payments.Paid), event(3, app.TerminalCompleted, app.FromDesk, "", nil))...)
	for name, tt := range map[string]struct {
		q    app.Query
		want []int
	}{
		"device":        {app.Query{Device: "D1"}, []int{2}},
		"dirty":         {app.Query{Dirty: true}, []int{2}},
		"reference":     {app.Query{Reference: "623100000001"}, []int{3, 2}},
		"text: RRN":     {app.Query{Text: "6231000"}, []int{3, 2}},
		"text: device":  {app.Query{Text: "front"}, []int{3, 2}},
		"rail":          {app.Query{Rail: payments.RailTerminal}, []int{3, 2}},
		"other devices": {app.Query{Device: "D3"}, nil},
	} {
		sales, err := j.Sales(t.Context(), tt.q)
		if err != nil {
			t.Fatal(err)
		}
		var got, want []app.SaleID
		for _, s := range sales {
			got = append(got, s.ID)
		}
		for _, n := range tt.want {
			want = append(want, sale(n, "")[0].Sale)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// A journal of the first version takes what terminals and desks write.
func TestTerminalsInAnOldJournal(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := journal.MakeOld(t.Context(), dir, 1, sale(1, "note")); err != nil {
		t.Fatal(err)
	}
	j := open(t, dir)
	put(t, j, append(present(2, "D1"), outcome(2, payments.Paid))...)
	put(t, j, app.Event{Source: app.FromDesk, Kind: app.DeskNoted, Reference: "1", Wall: at(3), Data: data(app.NoteData{Kind: "k"})})
	notes, err := j.Notes(t.Context(), 0, 0)
	if err != nil || len(notes) != 1 || notes[0].Kind != app.DeskNoted {
		t.Errorf("notes are %+v, %v", notes, err)
	}
	if v := verified(t, j); v.Bad != 0 || v.Events != 7 {
		t.Errorf("the chain: %+v", v)
	}
	before, err := j.Dump(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := j.Rebuild(t.Context()); err != nil {
		t.Fatal(err)
	}
	after, err := j.Dump(t.Context())
	if diff := cmp.Diff(before, after); err != nil || diff != "" {
		t.Errorf("rebuilt differently: %v\n%s", err, diff)
	}
	if err := j.Exec(t.Context(), `UPDATE events SET minor = 1`); err == nil {
		t.Error("events can be changed after the migration")
	}
}
