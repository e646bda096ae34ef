package journal_test

import (
	"fmt"
	"testing"
	"time"

	"frontdesk/app"
	"frontdesk/app/journal"
)

// fill writes many paid sales the way a bench or a simulation may: through Append
// like a till, but a thousand sales at a time, so that one commit pays for all of
// them. Chain, constraints, keys and projections are those of single sales.
func fill(t testing.TB, j *journal.Journal, from, sales int) {
	t.Helper()
	const at = 1000
	for n := from; n < from+sales; n += at {
		var events []app.Event
		for k := n; k < min(n+at, from+sales); k++ {
			events = append(events, sale(k, "")...)
			events = append(events, event(k, app.PaymentSeen, app.FromNotice, fmt.Sprint("ref", k), app.EvidenceData{OrderID: fmt.Sprint("P", k), Raw: []byte("posted")}))
		}
		for i := range events {
			events[i].Wall = time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC).Add(time.Duration(n) * time.Second)
		}
		put(t, j, events...)
	}
}

func whole() app.Period {
	return app.Period{From: time.Unix(0, 0), To: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)}
}

// Adding up a day a second time looks at what has come in since only, and agrees
// with the first.
func TestReceivedRemembers(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	j := open(t, dir)
	fill(t, j, 0, 120)
	for _, want := range []int64{120 * 4500, 121 * 4500, 121 * 4500, 200 * 4500} {
		switch want {
		case 121 * 4500:
			fill(t, j, 120, 1)
		case 200 * 4500:
			fill(t, j, 121, 79)
		}
		got, err := j.Received(t.Context(), whole())
		if err != nil || len(got) != 1 || got["EUR"] != want {
			t.Errorf("got %v, %v, want %d", got, err, want)
		}
	}
	if v := verified(t, j); v.Bad != 0 {
		t.Errorf("%+v", v)
	}
	rebuiltSame(t, j)
}

func BenchmarkFill(b *testing.B) {
	j := open(b, b.TempDir())
	n := 0
	for b.Loop() {
		fill(b, j, n, 1000)
		n += 1000
	}
	b.ReportMetric(1000*float64(b.N)/b.Elapsed().Seconds(), "sales/s")
}

func BenchmarkReceived(b *testing.B) {
	dir := b.TempDir()
	j := open(b, dir)
	fill(b, j, 0, 5000)
	for _, again := range []bool{false, true} {
		b.Run(fmt.Sprint("again=", again), func(b *testing.B) {
			for b.Loop() {
				if !again {
					j.ForgetChanges()
				}
				if _, err := j.Received(b.Context(), whole()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("takings", func(b *testing.B) {
		for b.Loop() {
			if _, err := j.Takings(b.Context(), whole()); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("verify", func(b *testing.B) {
		for b.Loop() {
			verified(b, j)
		}
	})
}
