package reconcile

import (
	"testing"

	"frontdesk/app"
)

// TestThePaymentALineNames is told when it is one.
func TestThePaymentALineNames(t *testing.T) {
	t.Parallel()
	moves := []Move{paid(1, 4500), paid(2, 4500), given(2, 500)}
	on := func(terminal string) func(*Line) { return func(l *Line) { l.Terminal = terminal } }
	for name, tc := range map[string]struct {
		line  Line
		moves []Move
		want  app.AttemptID
	}{
		"by its order":        {listed("1", Out, 2000, order(2)), moves, "A2"},
		"by its reference":    {listed("1", Out, 2000, "Refund of 700001"), moves, "A1"},
		"by that of a refund": {listed("1", Out, 2000, order(902)), moves, "A2"},
		"none":                {listed("1", Out, 2000, order(3)), moves, ""},
		"both":                {listed("1", Out, 2000, order(1), order(2)), moves, ""},
		"a number of another terminal": {
			with(listed("1", Out, 2000, "700001"), on("T2")), []Move{with(paid(1, 4500), func(m *Move) { m.Terminal = "T1" })}, "",
		},
	} {
		if got := Payment(tc.line, tc.moves); got != tc.want {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
	}
}
