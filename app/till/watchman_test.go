package till

import (
	"context"
	"slices"
	"testing"
	"time"

	"frontdesk/app/setup"
	"frontdesk/payments"
)

// TestTroublesThatFindThemselves: what passes through the rails shows the two
// troubles nobody at the desk could see.
func TestTroublesThatFindThemselves(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	paid := payments.Answer{Outcome: payments.Paid}
	absent := payments.Answer{Outcome: payments.Absent}
	refused := &payments.Error{Op: "t", Code: "answer.unsigned", Err: payments.ErrUnknown}
	opened := payments.Notice{Kind: payments.NoticeOpened, OrderID: "A"}
	for name, c := range map[string]struct {
		steps func(w *watchman, pass func(time.Duration))
		want  string
	}{
		"nothing": {func(*watchman, func(time.Duration)) {}, ""},
		"paid, the notice is late": {func(w *watchman, pass func(time.Duration)) {
			w.answered(ctx, "A", paid, nil)
			pass(10 * time.Second)
			w.answered(ctx, "A", paid, nil)
		}, ""},
		"paid, the notice never comes": {func(w *watchman, pass func(time.Duration)) {
			w.answered(ctx, "A", paid, nil)
			pass(time.Minute)
			w.answered(ctx, "A", paid, nil)
		}, codeNoticeLost},
		"the next notice ends it": {func(w *watchman, pass func(time.Duration)) {
			w.answered(ctx, "A", paid, nil)
			pass(time.Minute)
			w.answered(ctx, "A", paid, nil)
			w.noticed(payments.Notice{Kind: payments.NoticePaid, OrderID: "B"})
		}, ""},
		"noticed in another run": {func(w *watchman, pass func(time.Duration)) {
			w.known = func(context.Context, string) bool { return true }
			w.answered(ctx, "A", paid, nil)
			pass(time.Hour)
			w.answered(ctx, "A", paid, nil)
		}, ""},
		"opened and just not there yet": {func(w *watchman, pass func(time.Duration)) {
			w.noticed(opened)
			pass(20 * time.Second)
			w.answered(ctx, "A", absent, nil)
		}, ""},
		"opened and never there": {func(w *watchman, pass func(time.Duration)) {
			w.noticed(opened)
			pass(2 * time.Minute)
			w.answered(ctx, "A", absent, nil)
		}, codePageRejected},
		"never there, and the last test failed": {func(w *watchman, pass func(time.Duration)) {
			w.tested(setup.Row{Step: setup.StepAccount, Result: setup.Fix, Code: "check.signature"})
			w.noticed(opened)
			pass(2 * time.Minute)
			w.answered(ctx, "A", absent, nil)
		}, codePageSignature},
		"opened, and myPOS refuses us": {func(w *watchman, _ func(time.Duration)) {
			w.noticed(opened)
			w.answered(ctx, "A", payments.Answer{}, refused)
		}, codePageSignature},
		"refused, but nobody pressed Pay": {func(w *watchman, _ func(time.Duration)) {
			w.answered(ctx, "A", payments.Answer{}, refused)
		}, ""},
		"long ago": {func(w *watchman, pass func(time.Duration)) {
			w.noticed(opened)
			w.answered(ctx, "A", payments.Answer{}, refused)
			pass(2 * time.Hour)
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)
			w := newWatchman(func() time.Time { return now }, func(context.Context, string) bool { return false })
			c.steps(w, func(d time.Duration) { now = now.Add(d) })
			var want []string
			if c.want != "" {
				want = []string{c.want}
			}
			if got := w.conditions(); !slices.Equal(got, want) {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}
