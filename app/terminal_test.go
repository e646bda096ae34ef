package app_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/app"
	"frontdesk/payments"
)

func (w *world) present(minor int64) (app.Sale, error) {
	w.t.Helper()
	r := w.request(minor)
	r.Rail = payments.RailTerminal
	return w.till.Charge(context.Background(), r)
}

// ends lets whatever is under way end and returns the sale.
func (w *world) ends(id app.SaleID, want app.State) app.Sale {
	w.t.Helper()
	synctest.Wait()
	return w.want(id, want)
}

func refusedCode(t *testing.T, err error, want string) {
	t.Helper()
	if payments.CodeOf(err) != want {
		t.Fatalf("got %v, want %s", err, want)
	}
}

func TestTerminalPays(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.card.last = "before"
		s, err := w.present(4500)
		if err != nil {
			t.Fatal(err)
		}
		got := w.ends(s.ID, app.Paid)
		a := got.Attempts[0]
		if got.Received != eur(4500) || a.RRN != "623100000001" || a.Reference != a.RRN || a.CardLast4 != "1234" || a.Device != "D1" || a.DeviceLabel != "Front" {
			t.Errorf("paid attempt is %+v", a)
		}
		if a.Dirty || len(w.card.done) != 1 || w.card.done[0] != a.SID || w.card.taken[0].Previous != "before" {
			t.Errorf("completed %v, taken %+v, attempt %+v", w.card.done, w.card.taken, a)
		}
		time.Sleep(time.Hour)
		if _, _, asked, _ := w.card.count(); asked != 0 {
			t.Error("a terminal whose outcome is known was asked")
		}
	})
}

// What is on disk when the amount leaves, and when the terminal is told that we
// know, is what makes a crash harmless.
func TestTerminalOrderOfCommits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		kinds := func() []app.Kind {
			var list []app.Kind
			sales, err := w.book.Sales(context.Background(), app.Query{Limit: 1})
			if err != nil || len(sales) == 0 {
				return nil
			}
			events, _ := w.book.Sale(context.Background(), sales[0].ID)
			for _, e := range events {
				list = append(list, e.Kind)
			}
			return list
		}
		var atPrepare, atCollect, atComplete []app.Kind
		w.card.prepare = func(context.Context, app.Offer) error { atPrepare = kinds(); return nil }
		w.card.collect = func(_ context.Context, o app.Offer, _ func(app.Stage)) (payments.Answer, error) {
			atCollect = kinds()
			return w.card.pays(o), nil
		}
		w.card.complete = func(context.Context, app.Offer) error { atComplete = kinds(); return nil }
		s, err := w.present(4500)
		if err != nil {
			t.Fatal(err)
		}
		w.ends(s.ID, app.Paid)
		for _, tt := range []struct {
			at   string
			got  []app.Kind
			last app.Kind
		}{
			{"prepare", atPrepare, app.AttemptIntended},
			{"collect", atCollect, app.TerminalSending},
			{"complete", atComplete, app.TerminalOutcome},
		} {
			if len(tt.got) == 0 || tt.got[len(tt.got)-1] != tt.last {
				t.Errorf("at %s the journal held %v, want it to end in %s", tt.at, tt.got, tt.last)
			}
		}
	})
}

func TestTerminalStagesAreLive(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		next := make(chan app.Stage)
		w.card.collect = func(_ context.Context, o app.Offer, stage func(app.Stage)) (payments.Answer, error) {
			for s := range next {
				stage(s)
			}
			return w.card.pays(o), nil
		}
		s, err := w.present(4500)
		if err != nil {
			t.Fatal(err)
		}
		next <- app.Stage{Name: app.StagePresentCard, Cancellable: true}
		got := w.ends(s.ID, app.Offered)
		if a := got.Attempts[0]; a.Stage.Name != app.StagePresentCard || !a.Cancellable || a.Stage.Since.IsZero() {
			t.Errorf("shows %+v", a.Stage)
		}
		next <- app.Stage{Name: app.StageCardRead}
		got = w.ends(s.ID, app.Opened)
		if a := got.Attempts[0]; a.Stage.Name != app.StageCardRead || a.Cancellable {
			t.Errorf("shows %+v", a.Stage)
		}
		for snap := range w.till.Watch(context.Background()) {
			if len(snap.Devices) != 1 || snap.Devices[0].ID != "D1" || snap.Devices[0].Stage.Name != app.StageCardRead {
				t.Errorf("devices are %+v", snap.Devices)
			}
			break
		}
		close(next)
		if a := w.ends(s.ID, app.Paid).Attempts[0]; a.Stage.Name != "" {
			t.Errorf("still shows %+v", a.Stage)
		}
	})
}

func TestTerminalOutcomes(t *testing.T) {
	t.Parallel()
	unknown := &payments.Error{Op: "t", Code: "terminal.cut", Err: payments.ErrUnknown}
	tests := []struct {
		name   string
		answer payments.Answer
		err    error
		want   app.State
		reason string
		done   int
	}{
		{"declined", payments.Answer{Outcome: payments.Declined, Reason: "approval.51"}, nil, app.Declined, "approval.51", 1},
		{"no card", payments.Answer{Outcome: payments.NotCharged, Reason: "terminal.no_card"}, nil, app.NotCharged, "terminal.no_card", 1},
		{"never began", payments.Answer{}, &payments.Error{Op: "t", Code: "terminal.busy", Err: payments.ErrRefused}, app.NotCharged, "terminal.busy", 0},
		{"cut", payments.Answer{}, unknown, app.Unknown, "terminal.cut", 0},
		{"another amount", payments.Answer{Outcome: payments.Paid, Amount: eur(4400)}, nil, app.Unknown, app.ReasonAmount, 0},
		{"with a tip", payments.Answer{Outcome: payments.Paid, Amount: eur(5000), Card: payments.Card{Tip: eur(500)}}, nil, app.Paid, "", 1},
		{"nonsense", payments.Answer{Outcome: payments.Absent}, nil, app.Unknown, app.ReasonLost, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.card.collect = func(context.Context, app.Offer, func(app.Stage)) (payments.Answer, error) { return tt.answer, tt.err }
				w.card.status = func(context.Context, app.StatusQuery) (payments.Answer, error) {
					return payments.Answer{}, payments.ErrUnreachable
				}
				s, err := w.present(4500)
				if err != nil {
					t.Fatal(err)
				}
				got := w.ends(s.ID, tt.want)
				if got.Attempts[0].Reason != tt.reason {
					t.Errorf("reason %q, want %q", got.Attempts[0].Reason, tt.reason)
				}
				if len(w.card.done) != tt.done {
					t.Errorf("completed %d times, want %d", len(w.card.done), tt.done)
				}
				if got.Live() != (tt.want == app.Unknown) {
					t.Error("live is wrong")
				}
			})
		})
	}
}

func TestTerminalThatIsNotReadyRefuses(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.card.prepare = func(context.Context, app.Offer) error {
			return &payments.Error{Op: "t", Code: "terminal.needs_update", Err: payments.ErrRefused}
		}
		s, err := w.present(4500)
		refusedCode(t, err, "terminal.needs_update")
		w.want(s.ID, app.NotCharged)
		if taken, _, _, _ := w.card.count(); taken != 0 {
			t.Error("an amount left")
		}
		w.card.set(func(f *fakeTerminal) { f.prepare = nil })
		again, err := w.till.Again(context.Background(), s.ID, app.AgainRequest{Rail: payments.RailTerminal})
		if err != nil {
			t.Fatal(err)
		}
		w.ends(again.ID, app.Paid)
	})
}

func TestOneLivePaymentPerDevice(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		end := make(chan error)
		w.card.collect = func(_ context.Context, o app.Offer, _ func(app.Stage)) (payments.Answer, error) {
			if err := <-end; err != nil {
				return payments.Answer{}, err
			}
			return w.card.pays(o), nil
		}
		w.card.status = func(context.Context, app.StatusQuery) (payments.Answer, error) {
			return payments.Answer{}, payments.ErrUnreachable
		}
		first, err := w.present(4500)
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.present(100)
		refusedCode(t, err, "terminal.busy")
		r := w.request(200)
		r.Rail, r.Device = payments.RailTerminal, "D2"
		other, err := w.till.Charge(context.Background(), r)
		if err != nil {
			t.Fatal(err)
		}
		end <- nil
		synctest.Wait()
		end <- payments.ErrUnknown
		synctest.Wait()
		unknown := first.ID
		if w.sale(first.ID).State == app.Paid {
			unknown = other.ID
		}
		device := w.want(unknown, app.Unknown).Attempts[0].Device
		r.Device = device
		_, err = w.till.Charge(context.Background(), r)
		refusedCode(t, err, "terminal.unsettled")
		_, err = w.till.Again(context.Background(), unknown, app.AgainRequest{Rail: payments.RailTerminal, Device: device, DespiteUnknown: true})
		refusedCode(t, err, "terminal.unsettled")
		r.Device = "nonsense"
		_, err = w.till.Charge(context.Background(), r)
		refusedCode(t, err, "device.missing")
	})
}

func TestCancelOfATerminalIsARequest(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		end  payments.Outcome
		want app.State
	}{
		{"it stops", payments.NotCharged, app.NotCharged},
		{"approval wins the race", payments.Paid, app.Paid},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				asked, end := make(chan bool, 1), make(chan bool)
				w.card.withdraw = func(context.Context) error { asked <- true; return nil }
				w.card.collect = func(_ context.Context, o app.Offer, stage func(app.Stage)) (payments.Answer, error) {
					stage(app.Stage{Name: app.StagePresentCard, Cancellable: true})
					<-end
					if tt.end == payments.Paid {
						return w.card.pays(o), nil
					}
					return payments.Answer{Outcome: tt.end, Reason: "terminal.cancelled"}, nil
				}
				s, err := w.present(4500)
				if err != nil {
					t.Fatal(err)
				}
				synctest.Wait()
				cancelled := make(chan error, 1)
				go func() { cancelled <- w.till.Cancel(context.Background(), s.ID, "Anna") }()
				<-asked
				w.ends(s.ID, app.Cancelling)
				close(end)
				if err := <-cancelled; err != nil {
					t.Fatal(err)
				}
				w.ends(s.ID, tt.want)
			})
		})
	}
}
