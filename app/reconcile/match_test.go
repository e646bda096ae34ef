package reconcile

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"frontdesk/app"
	"frontdesk/payments/money"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func eur(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: "EUR"} }

func order(n int) string { return fmt.Sprintf("P%019d", n) }

func paid(n int, minor int64) Move {
	return Move{
		ID: fmt.Sprint("A", n), Sale: app.SaleID(fmt.Sprint("S", n)), Attempt: app.AttemptID(fmt.Sprint("A", n)), Order: order(n),
		Kind: In, Expect: Must, Amount: eur(minor), At: noon, Own: []string{order(n)}, Shared: []string{fmt.Sprint("70000", n)}, Noticed: true,
	}
}

func given(n int, minor int64) Move {
	m := paid(n, minor)
	m.ID, m.Kind, m.Order = fmt.Sprint("R", n), Out, order(900+n)
	m.Shared, m.Own = append(m.Shared, m.Own...), []string{order(900 + n)}
	return m
}

func listed(key string, kind Kind, minor int64, texts ...string) Line {
	return Line{Key: key, Reference: "REF" + key + "XX", Kind: kind, Amount: eur(minor), At: noon.Add(time.Minute), Texts: texts}
}

func with[T any](v T, edit func(*T)) T {
	edit(&v)
	return v
}

// places tells where everything is, by key and id.
func places(r Result) map[string]string {
	p := map[string]string{}
	for name, list := range map[string][]Pair{"agree": r.Agree, "differs": r.Differs, "settled": r.Settled, "doubt": r.Doubt} {
		for _, x := range list {
			p[x.Line.Key+"="+x.Move.ID] = name + "/" + string(x.By)
		}
	}
	for name, list := range map[string][]Loose{"not_here": r.NotHere, "refund_not_here": r.RefundNotHere, "undone": r.Undone} {
		for _, x := range list {
			p[x.Key] = name + "/" + string(x.Sale)
		}
	}
	for name, list := range map[string][]Line{"elsewhere": r.Elsewhere, "aside": r.Aside} {
		for _, x := range list {
			p[x.Key] = name
		}
	}
	for name, list := range map[string][]Move{"not_listed": r.NotListed, "refund_not_listed": r.RefundNotListed, "fresh": r.Fresh, "quiet": r.Quiet} {
		for _, x := range list {
			p[x.ID] = name
		}
	}
	return p
}

// reversal is a line by which myPOS takes a payment of order 1 back.
func reversal(key string, minor int64) Line {
	return with(listed(key, Out, minor, order(1)), func(l *Line) { l.Reversal = true })
}

func TestWhereEverythingBelongs(t *testing.T) {
	t.Parallel()
	unknown := with(paid(1, 4500), func(m *Move) { m.Expect, m.Unsure = May, true })
	reversed := with(paid(1, 4500), func(m *Move) { m.Expect = Gone })
	back := with(given(1, 4500), func(m *Move) { m.ID, m.Expect, m.Own = "A1/back", Taken, nil })
	atDesk := func(l *Line) { l.Terminal = "80000001" }
	lost := with(given(1, 500), func(m *Move) {
		m.ID, m.Order, m.Own = "R2", order(902), []string{order(902)}
		m.Expect, m.Unsure, m.Proof, m.At = May, true, true, noon.Add(time.Minute)
	})
	for name, tc := range map[string]struct {
		lines []Line
		moves []Move
		edit  func(*Input)
		want  map[string]string
	}{
		"own name":                    {[]Line{listed("1", In, 4500, "for "+order(1)+".")}, []Move{paid(1, 4500)}, nil, map[string]string{"1=A1": "agree/name"}},
		"reference of the card":       {[]Line{listed("1", In, 4500, "700001")}, []Move{paid(1, 4500)}, nil, map[string]string{"1=A1": "agree/shared"}},
		"another amount":              {[]Line{listed("1", In, 4400, order(1))}, []Move{paid(1, 4500)}, nil, map[string]string{"1=A1": "differs/name"}},
		"a number and another amount": {[]Line{listed("1", In, 4400, "700001")}, []Move{paid(1, 4500)}, nil, map[string]string{"1": "not_here/S1", "A1": "not_listed"}},
		"amount and time":             {[]Line{listed("1", In, 4500)}, []Move{paid(1, 4500)}, nil, map[string]string{"1=A1": "agree/guess"}},
		"another time": {
			[]Line{with(listed("1", In, 4500), func(l *Line) { l.At = noon.Add(time.Hour) })},
			[]Move{paid(1, 4500)},
			nil,
			map[string]string{"1": "elsewhere", "A1": "not_listed"},
		},
		"another terminal":            {[]Line{with(listed("1", In, 4500), atDesk)}, []Move{paid(1, 4500)}, nil, map[string]string{"1": "not_here/", "A1": "not_listed"}},
		"a terminal of somebody else": {[]Line{with(listed("1", In, 4500), func(l *Line) { l.Terminal = "99999999" })}, nil, nil, map[string]string{"1": "elsewhere"}},
		"an order of another desk":    {[]Line{listed("1", In, 4500, order(77))}, []Move{paid(1, 4500)}, nil, map[string]string{"1": "elsewhere", "A1": "not_listed"}},
		"an order that was lost here": {
			[]Line{listed("1", In, 4500, order(77))},
			nil, func(in *Input) { in.Alone = true },
			map[string]string{"1": "not_here/"},
		},
		"paid twice under one order": {[]Line{listed("1", In, 4500, order(1)), listed("2", In, 4500, order(1))}, []Move{paid(1, 4500)}, nil, map[string]string{"1=A1": "agree/name", "2": "not_here/S1"}},
		"fee and payout":             {[]Line{listed("1", Fee, 60, order(1)), listed("2", Other, 99999)}, nil, nil, map[string]string{"1": "aside", "2": "aside"}},
		"before the time":            {[]Line{with(listed("1", In, 100), func(l *Line) { l.At = noon.AddDate(0, 0, -9) })}, nil, nil, map[string]string{"1": "aside"}},
		"too new":                    {nil, []Move{with(paid(1, 4500), func(m *Move) { m.At = noon.Add(119 * time.Minute) })}, nil, map[string]string{"A1": "fresh"}},
		"absence settles nothing":    {nil, []Move{unknown}, nil, map[string]string{"A1": "quiet"}},
		"unknown and listed":         {[]Line{listed("1", In, 4500, order(1))}, []Move{unknown}, nil, map[string]string{"1=A1": "settled/name"}},
		"unknown and alike":          {[]Line{listed("1", In, 4500)}, []Move{unknown}, nil, map[string]string{"1=A1": "doubt/guess"}},
		"cancelled and listed":       {[]Line{listed("1", In, 4500, order(1))}, []Move{with(unknown, func(m *Move) { m.Unsure = false })}, nil, map[string]string{"1=A1": "settled/name"}},
		"cancelled and alike": {
			[]Line{with(listed("1", In, 4500), atDesk)},
			[]Move{with(unknown, func(m *Move) { m.Unsure, m.Terminal = false, "80000001" })},
			nil,
			map[string]string{"1": "not_here/", "A1": "quiet"},
		},
		"refund by its order":   {[]Line{listed("1", Out, 500, order(1), order(901))}, []Move{given(1, 500)}, nil, map[string]string{"1=R1": "agree/name"}},
		"refund by the payment": {[]Line{listed("1", Out, 500, order(1))}, []Move{given(1, 500)}, nil, map[string]string{"1=R1": "agree/shared"}},
		"refund of the portal":  {[]Line{listed("1", Out, 600, order(1)), listed("2", In, 4500, order(1))}, []Move{paid(1, 4500)}, nil, map[string]string{"2=A1": "agree/name", "1": "refund_not_here/S1"}},
		"a refund that is known, and one alike": {
			[]Line{listed("1", Out, 500, order(1))}, // nearer to the one that is not known
			[]Move{given(1, 500), lost},
			nil,
			map[string]string{"1=R1": "agree/shared", "R2": "quiet"},
		},
		"two refunds alike": {
			[]Line{listed("1", Out, 500, order(1)), listed("2", Out, 500, order(1))},
			[]Move{given(1, 500), lost},
			nil,
			map[string]string{"1=R1": "agree/shared", "2=R2": "settled/shared"},
		},
		"refund not listed": {[]Line{listed("2", In, 4500, order(1))}, []Move{paid(1, 4500), given(1, 500)}, nil, map[string]string{"2=A1": "agree/name", "R1": "refund_not_listed"}},
		"a failed refund that is listed": {
			[]Line{listed("1", Out, 500, order(901))},
			[]Move{with(given(1, 500), func(m *Move) { m.Expect = Never })},
			nil,
			map[string]string{"1": "refund_not_here/S1", "R1": "quiet"},
		},
		"an unknown refund by the payment is no proof": {
			[]Line{listed("1", Out, 500, order(1))},
			[]Move{with(given(1, 500), func(m *Move) { m.Expect, m.Unsure = May, true })},
			nil,
			map[string]string{"1=R1": "doubt/shared"},
		},
		"unless that is how it looks": {
			[]Line{listed("1", Out, 500, order(1))},
			[]Move{with(given(1, 500), func(m *Move) { m.Expect, m.Unsure, m.Proof = May, true, true })},
			nil,
			map[string]string{"1=R1": "settled/shared"},
		},
		"taken back, both sides":      {[]Line{listed("1", In, 4500, order(1)), listed("2", Out, 4500, order(1))}, []Move{reversed, back}, nil, map[string]string{"1=A1": "agree/name", "2=A1/back": "agree/shared"}},
		"taken back, neither side":    {nil, []Move{reversed, back}, nil, map[string]string{"A1": "quiet", "A1/back": "quiet"}},
		"taken back, but still there": {[]Line{listed("1", In, 4500, order(1))}, []Move{reversed, back}, nil, map[string]string{"1=A1": "agree/name", "A1/back": "refund_not_listed"}},
		"taken back, and paid again by the same link": {
			[]Line{listed("1", In, 4500, order(1)), reversal("2", 4500), listed("3", In, 4500, order(1), "MTCOR700001")},
			[]Move{with(paid(1, 4500), func(m *Move) { m.Own = append(m.Own, "MTCOR700001") })},
			func(in *Input) { in.Lines[2].Reference = "MTCOR700001" },
			map[string]string{"3=A1": "agree/name", "1": "undone/S1", "2": "undone/S1"},
		},
		"taken back twice, known once": {
			[]Line{listed("1", In, 4500, order(1)), reversal("2", 4500), listed("3", In, 4500, order(1)), reversal("4", 4500)},
			[]Move{reversed, back},
			nil,
			map[string]string{"1=A1": "agree/name", "2=A1/back": "agree/shared", "3": "undone/S1", "4": "undone/S1"},
		},
		"taken back, and never known": {
			[]Line{listed("1", In, 4500, order(1)), reversal("2", 4500)},
			[]Move{with(unknown, func(m *Move) { m.Unsure = false })},
			nil,
			map[string]string{"A1": "quiet", "1": "undone/S1", "2": "undone/S1"},
		},
		"taken back, and not known yet": {
			[]Line{listed("1", In, 4500, order(1)), reversal("2", 4500)},
			[]Move{unknown},
			nil,
			map[string]string{"1=A1": "settled/name", "2": "refund_not_here/S1"},
		},
		"taken back of another amount": {
			[]Line{listed("1", In, 4500, order(1)), reversal("2", 4400), listed("3", In, 4500, order(1))},
			[]Move{paid(1, 4500)},
			nil,
			map[string]string{"1=A1": "agree/name", "2": "refund_not_here/S1", "3": "not_here/S1"},
		},
		"given back in the portal, and paid twice": {
			[]Line{listed("1", In, 4500, order(1)), listed("2", Out, 4500, order(1)), listed("3", In, 4500, order(1))},
			[]Move{paid(1, 4500)},
			nil,
			map[string]string{"1=A1": "agree/name", "2": "refund_not_here/S1", "3": "not_here/S1"},
		},
		"given back whole, neither": {nil, []Move{paid(1, 4500), given(1, 4500)}, nil, map[string]string{"A1": "quiet", "R1": "quiet"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := Input{Lines: tc.lines, Moves: tc.moves, Now: noon.Add(2 * time.Hour), Since: noon.AddDate(0, 0, -3), Terminals: []string{"80000001"}}
			if tc.edit != nil {
				tc.edit(&in)
			}
			if diff := cmp.Diff(tc.want, places(Match(in))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// drawn is a comparison with few names and amounts, so that everything meets.
func drawn(t *rapid.T) Input {
	in := Input{Now: noon.Add(2 * time.Hour), Since: noon.Add(-time.Hour), Terminals: []string{"T1"}, Alone: rapid.Bool().Draw(t, "alone")}
	at := func() time.Time {
		return noon.Add(time.Duration(rapid.IntRange(-90, 120).Draw(t, "minute")) * time.Minute)
	}
	terminal := rapid.SampledFrom([]string{"", "T1", "T2"})
	for i := range rapid.IntRange(0, 8).Draw(t, "moves") {
		n := rapid.IntRange(1, 4).Draw(t, "n")
		m := paid(n, int64(rapid.IntRange(1, 3).Draw(t, "minor")))
		if rapid.Bool().Draw(t, "out") {
			m = given(n, m.Amount.Minor)
		}
		m.ID = fmt.Sprint(m.ID, "-", i)
		m.Expect = rapid.SampledFrom([]Expect{Must, May, Gone, Taken, Never}).Draw(t, "expect")
		m.Unsure, m.Proof, m.At, m.Terminal = rapid.Bool().Draw(t, "unsure"), rapid.Bool().Draw(t, "proof"), at(), terminal.Draw(t, "terminal")
		in.Moves = append(in.Moves, m)
	}
	for i := range rapid.IntRange(0, 8).Draw(t, "lines") {
		l := listed(fmt.Sprint("L", i), rapid.SampledFrom([]Kind{In, Out, Fee, Other}).Draw(t, "kind"), int64(rapid.IntRange(1, 3).Draw(t, "size")))
		for range rapid.IntRange(0, 2).Draw(t, "texts") {
			l.Texts = append(l.Texts, rapid.SampledFrom([]string{order(1), order(2), order(901), order(88), "700001", "700003", "word"}).Draw(t, "text"))
		}
		l.At, l.Terminal, l.Reversal = at(), terminal.Draw(t, "place"), rapid.Bool().Draw(t, "reversal")
		if rapid.IntRange(0, 9).Draw(t, "timeless") == 0 {
			l.At = time.Time{}
		}
		in.Lines = append(in.Lines, l)
	}
	return in
}

// held counts where lines and movements are.
func held(r Result) (lines, moves map[string]int) {
	lines, moves = map[string]int{}, map[string]int{}
	for _, list := range [][]Pair{r.Agree, r.Differs, r.Settled, r.Doubt} {
		for _, p := range list {
			lines[p.Line.Key]++
			moves[p.Move.ID]++
		}
	}
	for _, list := range [][]Loose{r.NotHere, r.RefundNotHere, r.Undone} {
		for _, l := range list {
			lines[l.Key]++
		}
	}
	for _, list := range [][]Line{r.Elsewhere, r.Aside} {
		for _, l := range list {
			lines[l.Key]++
		}
	}
	for _, list := range [][]Move{r.NotListed, r.RefundNotListed, r.Fresh, r.Quiet} {
		for _, v := range list {
			moves[v.ID]++
		}
	}
	return lines, moves
}

// check holds a result to its guarantees.
func check(t interface{ Errorf(string, ...any) }, in Input, r Result) {
	lines, moves := held(r)
	for _, l := range in.Lines {
		if lines[l.Key] != 1 {
			t.Errorf("line %s is in %d places", l.Key, lines[l.Key])
		}
	}
	for _, m := range in.Moves {
		if moves[m.ID] != 1 {
			t.Errorf("movement %s is in %d places", m.ID, moves[m.ID])
		}
	}
	if len(lines) != len(in.Lines) || len(moves) != len(in.Moves) {
		t.Errorf("%d lines of %d, %d movements of %d", len(lines), len(in.Lines), len(moves), len(in.Moves))
	}
	for _, p := range slices.Concat(r.Agree, r.Settled, r.Doubt) {
		if p.Line.Amount != p.Move.Amount || p.Line.Kind != p.Move.Kind {
			t.Errorf("%s and %s are not the same money", p.Line.Key, p.Move.ID)
		}
	}
	for _, p := range r.Differs {
		if p.Line.Amount == p.Move.Amount || p.By != ByName {
			t.Errorf("%s does not differ", p.Line.Key)
		}
	}
	for _, p := range r.Settled {
		if p.By == ByGuess || p.Move.Expect != May || p.By == ByShared && !p.Move.Proof {
			t.Errorf("%s is no evidence for %s", p.Line.Key, p.Move.ID)
		}
	}
	f := r.Figures(noon.AddDate(-1, 0, 0), noon.AddDate(1, 0, 0))
	if f.Probable > f.Agree || f.Noticed > f.Agree || f.Here != len(r.Agree)+len(r.Differs)+len(r.Fresh)+len(r.NotListed)+len(r.RefundNotListed) {
		t.Errorf("figures %+v", f)
	}
}

func TestEverythingHasOnePlace(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawn(t)
		check(t, in, Match(in))
	})
}

func TestOrderDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawn(t)
		want := Match(in)
		shuffled := in
		shuffled.Lines, shuffled.Moves = slices.Clone(in.Lines), slices.Clone(in.Moves)
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		r.Shuffle(len(in.Lines), func(i, j int) {
			shuffled.Lines[i], shuffled.Lines[j] = shuffled.Lines[j], shuffled.Lines[i]
		})
		r.Shuffle(len(in.Moves), func(i, j int) {
			shuffled.Moves[i], shuffled.Moves[j] = shuffled.Moves[j], shuffled.Moves[i]
		})
		if diff := cmp.Diff(want, Match(shuffled)); diff != "" {
			t.Errorf("another order, another result: %s", diff)
		}
	})
}

// FuzzWords: no text breaks a comparison, and an order is recognised as a word of
// its own only.
func FuzzWords(f *testing.F) {
	f.Add("for "+order(1)+", thanks", order(1))
	f.Add("x"+order(1), "")
	f.Add("\xff\x00-700001-", "700001")
	f.Fuzz(func(t *testing.T, text, reference string) {
		l := listed("1", In, 4500, text)
		l.Reference = reference
		in := Input{Lines: []Line{l}, Moves: []Move{paid(1, 4500)}, Now: noon.Add(2 * time.Hour), Since: noon.Add(-time.Hour)}
		r := Match(in)
		check(t, in, r)
		for _, o := range Orders(l) {
			if !IsOrder(o) {
				t.Errorf("%q is no order", o)
			}
		}
		if named := slices.Contains(Orders(l), order(1)); named != (len(r.Agree) == 1 && r.Agree[0].By == ByName) {
			t.Errorf("named %t: %v", named, places(r))
		}
	})
}

// TestNumbersOfAnotherTerminal: terminals count their payments by themselves, so a
// line of another desk's terminal with the number of ours is not ours, to the cent
// neither; the order of a refund holds on any terminal.
func TestNumbersOfAnotherTerminal(t *testing.T) {
	t.Parallel()
	const number = "623100000007"
	at := func(terminal string) func(*Line) { return func(l *Line) { l.Terminal = terminal } }
	ours := with(paid(1, 4500), func(m *Move) { m.Terminal, m.Shared = "80000001", []string{number} })
	refund := with(given(1, 500), func(m *Move) { m.Terminal = "80000001" })
	for name, c := range map[string]struct {
		line Line
		want string
	}{
		"same amount":          {with(listed("L", In, 4500, number), at("80000002")), "elsewhere"},
		"another amount":       {with(listed("L", In, 1800, number), at("80000002")), "elsewhere"},
		"ours":                 {with(listed("L", In, 1800, number), at("80000001")), "not_here/S1"},
		"a terminal not told":  {listed("L", In, 1800, number), "not_here/S1"},
		"our order, elsewhere": {with(listed("L", Out, 700, order(1)), at("80000002")), "refund_not_here/S1"},
	} {
		got := places(Match(Input{
			Lines: []Line{c.line}, Moves: []Move{ours, refund}, Now: noon.Add(time.Hour), Since: noon.Add(-time.Hour), Terminals: []string{"80000001"},
		}))
		if got["L"] != c.want {
			t.Errorf("%s: %v, want %s", name, got, c.want)
		}
	}
	line := with(listed("L", Out, 500, order(1)), at("80000002"))
	if got := places(Match(Input{Lines: []Line{line}, Moves: []Move{refund}, Now: noon, Since: noon.Add(-time.Hour)})); got["L=R1"] != "agree/shared" {
		t.Errorf("a refund on another terminal: %v", got)
	}
}
