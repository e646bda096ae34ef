package reconcile

import (
	"slices"
	"testing"
	"time"
)

// TestUnnoted: a line of money given back is noted when a refund stands for it, is not
// known or runs, or when the payment itself came and went; else it is not, of the sale
// it names and of no other. What the sale is now counts, not what it was.
func TestUnnoted(t *testing.T) {
	t.Parallel()
	back := listed("1", Out, 500, order(1))
	one := given(1, 500)
	one.Shared = []string{order(1)}
	lost := with(one, func(m *Move) { m.Expect, m.Unsure = May, true })
	runs := with(one, func(m *Move) { m.Expect = May })
	failed := with(one, func(m *Move) { m.Expect = Never })
	for name, c := range map[string]struct {
		lines []Line
		then  []Move // when the list was read
		now   []Move
		want  bool
	}{
		"nothing":         {nil, []Move{paid(1, 4500)}, []Move{paid(1, 4500)}, false},
		"listed":          {[]Line{back}, []Move{paid(1, 4500)}, []Move{paid(1, 4500)}, true},
		"found since":     {[]Line{back}, nil, []Move{paid(1, 4500)}, true},
		"added since":     {[]Line{back}, []Move{paid(1, 4500)}, []Move{paid(1, 4500), one}, false},
		"done":            {[]Line{back}, []Move{paid(1, 4500), one}, []Move{paid(1, 4500), one}, false},
		"not known":       {[]Line{back}, []Move{paid(1, 4500), lost}, []Move{paid(1, 4500), lost}, false},
		"runs":            {[]Line{back}, []Move{paid(1, 4500), runs}, []Move{paid(1, 4500), runs}, false},
		"failed by now":   {[]Line{listed("1", Out, 500, order(901), order(1))}, []Move{paid(1, 4500), lost}, []Move{paid(1, 4500), failed}, true},
		"twice, one here": {[]Line{back, listed("2", Out, 500, order(1))}, []Move{paid(1, 4500), one}, []Move{paid(1, 4500), one}, true},
		"of another sale": {[]Line{listed("1", Out, 500, order(2))}, []Move{paid(1, 4500), paid(2, 4500)}, []Move{paid(1, 4500)}, false},
		"of nobody":       {[]Line{listed("1", Out, 500)}, []Move{paid(1, 4500)}, []Move{paid(1, 4500)}, false},
		"a payment":       {[]Line{listed("1", In, 500, order(1))}, []Move{paid(1, 4500)}, []Move{paid(1, 4500)}, false},
		"came and went": {[]Line{
			with(listed("1", Out, 4500, order(1)), func(l *Line) { l.Reversal = true }), listed("2", In, 4500, order(1)),
		}, []Move{paid(1, 4500)}, []Move{paid(1, 4500)}, false},
		"taken back": {
			[]Line{with(listed("1", Out, 4500, order(1)), func(l *Line) { l.Reversal = true })},
			[]Move{paid(1, 4500)},
			[]Move{paid(1, 4500)},
			true,
		},
		"before what is judged": {[]Line{with(back, func(l *Line) { l.At = noon.Add(-2 * time.Hour) })}, []Move{paid(1, 4500)}, []Move{paid(1, 4500)}, false},
	} {
		in := Input{Lines: append([]Line{listed("0", In, 4500, order(1))}, c.lines...), Moves: c.then, Now: noon.Add(3 * time.Hour), Since: noon.Add(-time.Hour)}
		kept := slices.Clone(in.Moves)
		if got := Unnoted(in, "S1", c.now); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
		if !slices.EqualFunc(kept, in.Moves, func(a, b Move) bool { return a.ID == b.ID }) {
			t.Errorf("%s: the moves of the comparison were changed", name)
		}
	}
}
