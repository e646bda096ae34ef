package reconcile

import (
	"cmp"
	"slices"
	"time"

	"frontdesk/app"
)

// Match compares.
func Match(in Input) Result {
	m := newMatcher(in)
	m.pair()
	return m.result()
}

// matcher holds both sides in an order that does not depend on how they came.
type matcher struct {
	in       Input
	lines    []line
	moves    []Move
	lineUsed []bool
	moveUsed []bool
	pairs    []edge
	orders   map[string]bool // names of movements that look like orders of ours
}

// line is a line with the words it carries.
type line struct {
	Line
	words map[string]bool
}

// edge joins a line with a movement it may belong to.
type edge struct {
	line, move int
	tier       int // strongest first
	apart      time.Duration
}

// Tiers of edges.
const (
	tierEntry   = iota // own name that is the entry's reference in the list, same amount
	tierName           // own name, same amount
	tierDiffers        // own name, another amount
	tierShared         // shared name, same amount
	tierGuess
)

func newMatcher(in Input) *matcher {
	if in.Grace == 0 {
		in.Grace = DefaultGrace
	}
	m := &matcher{
		in: in, moves: slices.Clone(in.Moves), lineUsed: make([]bool, len(in.Lines)), moveUsed: make([]bool, len(in.Moves)),
		orders: map[string]bool{},
	}
	for _, l := range in.Lines {
		m.lines = append(m.lines, line{Line: l, words: words(l)})
	}
	slices.SortStableFunc(m.lines, func(a, b line) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Key, b.Key), cmp.Compare(a.Amount.Minor, b.Amount.Minor))
	})
	slices.SortStableFunc(m.moves, func(a, b Move) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID))
	})
	for _, v := range m.moves {
		for _, name := range append(slices.Clone(v.Own), v.Shared...) {
			m.orders[name] = true
		}
	}
	return m
}

// pair takes the strongest edges first. Each line and each movement is used
// once.
func (m *matcher) pair() {
	edges := m.edges()
	slices.SortFunc(edges, func(a, b edge) int {
		return cmp.Or(
			cmp.Compare(a.tier, b.tier), cmp.Compare(rank(m.moves[a.move]), rank(m.moves[b.move])),
			cmp.Compare(a.apart, b.apart), cmp.Compare(a.move, b.move), cmp.Compare(a.line, b.line),
		)
	})
	for _, e := range edges {
		if m.lineUsed[e.line] || m.moveUsed[e.move] {
			continue
		}
		m.lineUsed[e.line], m.moveUsed[e.move] = true, true
		m.pairs = append(m.pairs, e)
	}
}

// rank puts what is known to have moved before what is not: a line that fits both
// is no evidence of the other one. A refund that runs comes between: its answer is
// on the way, and until then its line settles nothing.
func rank(v Move) int {
	switch {
	case v.Expect == Must || v.Expect == Gone || v.Expect == Taken:
		return 0
	case v.runs():
		return 1
	}
	return 2
}

// runs reports whether the movement is a refund that has no answer yet.
func (v Move) runs() bool { return v.Kind == Out && v.Expect == May && !v.Unsure }

// edges are all pairs that are possible. Lines are found by name and by amount,
// so that a long day is not compared with itself.
func (m *matcher) edges() []edge {
	named := map[string][]int{}
	sized := map[any][]int{}
	for i, l := range m.lines {
		if l.Kind != In && l.Kind != Out {
			continue
		}
		for w := range l.words {
			named[w] = append(named[w], i)
		}
		sized[l.Amount] = append(sized[l.Amount], i)
	}
	var edges []edge
	for n, v := range m.moves {
		tried := map[int]int{}
		try := func(i, tier int) {
			if was, known := tried[i]; known && was <= tier {
				return
			}
			tried[i] = tier
		}
		for _, name := range v.Own {
			for _, i := range named[name] {
				switch {
				case m.lines[i].Amount != v.Amount:
					try(i, tierDiffers)
				case name == m.lines[i].Reference:
					try(i, tierEntry)
				default:
					try(i, tierName)
				}
			}
		}
		for _, name := range v.Shared {
			for _, i := range named[name] {
				if m.lines[i].Amount == v.Amount && holds(name, m.lines[i].Line, v) {
					try(i, tierShared)
				}
			}
		}
		for _, i := range sized[v.Amount] {
			if m.guess(m.lines[i], v) {
				try(i, tierGuess)
			}
		}
		for i, tier := range tried {
			l := m.lines[i]
			if l.Kind == v.Kind && !(v.Kind == In && l.Reversal) && usable(v, tier) {
				edges = append(edges, edge{line: i, move: n, tier: tier, apart: apart(l.Line, v)})
			}
		}
	}
	return edges
}

// usable reports whether a movement may be recognised so. What is neither sure
// nor unsure goes by its own name only, but for a refund that runs.
func usable(v Move, tier int) bool {
	return tier <= tierDiffers || v.Expect != May && v.Expect != Never || v.Unsure || v.runs()
}

// holds reports whether a name that a line and a movement share says that they are
// of one payment. A terminal numbers its payments by itself: what is no order of
// ours says nothing of a line of another terminal.
func holds(name string, l Line, v Move) bool {
	return IsOrder(name) || l.Terminal == "" || v.Terminal == "" || l.Terminal == v.Terminal
}

// guess reports whether a line that carries no name could be the movement.
func (m *matcher) guess(l line, v Move) bool {
	if l.At.IsZero() || v.Expect == Taken || l.Terminal != v.Terminal || apart(l.Line, v) > guessWithin {
		return false
	}
	for w := range l.words {
		if m.orders[w] || IsOrder(w) {
			return false
		}
	}
	return true
}

func apart(l Line, v Move) time.Duration {
	if l.At.IsZero() {
		return 1 << 62
	}
	return l.At.Sub(v.At).Abs()
}

// result puts everything in its place.
func (m *matcher) result() Result {
	var r Result
	held := map[app.AttemptID]bool{} // the list holds something of the payment
	paid := map[app.AttemptID]bool{} // it holds the payment itself
	slices.SortFunc(m.pairs, func(a, b edge) int { return cmp.Compare(a.move, b.move) })
	owners := m.owners()
	undone := m.undone(owners)
	for _, e := range m.pairs {
		v := m.moves[e.move]
		held[v.Attempt] = true
		paid[v.Attempt] = paid[v.Attempt] || v.Kind == In
		r.place(Pair{Line: m.lines[e.line].Line, Move: v, By: by(e.tier)}, e.tier)
	}
	voided := m.voided(held)
	for n, v := range m.moves {
		if !m.moveUsed[n] {
			r.missing(v, m.in, voided[v.Attempt], paid[v.Attempt])
		}
	}
	for i, l := range m.lines {
		switch {
		case m.lineUsed[i]:
		case undone[i]:
			r.Undone = append(r.Undone, Loose{l.Line, owners[l.order(owners)][0].Sale})
		default:
			r.loose(l, m.in, owners)
		}
	}
	return r
}

// old reports whether the line is from before the time that is compared.
func (l line) old(in Input) bool { return !l.At.IsZero() && l.At.Before(in.Since) }

func by(tier int) By {
	switch tier {
	case tierGuess:
		return ByGuess
	case tierShared:
		return ByShared
	}
	return ByName
}

// place sorts a pair.
func (r *Result) place(p Pair, tier int) {
	switch {
	case p.Move.Expect == Never:
		r.RefundNotHere = append(r.RefundNotHere, Loose{p.Line, p.Move.Sale})
		r.Quiet = append(r.Quiet, p.Move)
	case tier == tierDiffers:
		r.Differs = append(r.Differs, p)
	case p.Move.Expect != May:
		r.Agree = append(r.Agree, p)
	case p.Move.runs(): // it will be told
		r.Doubt = append(r.Doubt, p)
	case tier <= tierName || tier == tierShared && p.Move.Proof:
		r.Settled = append(r.Settled, p)
	default:
		r.Doubt = append(r.Doubt, p)
	}
}

// voided are the payments that were given back whole while the list holds
// neither side: money that moved nowhere.
func (m *matcher) voided(held map[app.AttemptID]bool) map[app.AttemptID]bool {
	paid, given := map[app.AttemptID]int64{}, map[app.AttemptID]int64{}
	for _, v := range m.moves {
		switch {
		case v.Expect != Must:
		case v.Kind == In:
			paid[v.Attempt] += v.Amount.Minor
		default:
			given[v.Attempt] += v.Amount.Minor
		}
	}
	whole := map[app.AttemptID]bool{}
	for id, sum := range paid {
		whole[id] = sum == given[id] && !held[id]
	}
	return whole
}

// missing sorts a movement that the list does not hold.
func (r *Result) missing(v Move, in Input, voided, paid bool) {
	switch {
	case v.Expect == May, v.Expect == Never, v.Expect == Gone, v.Expect == Taken && !paid, voided, v.At.Before(in.Since):
		r.Quiet = append(r.Quiet, v)
	case in.Now.Sub(v.At) < in.Grace:
		r.Fresh = append(r.Fresh, v)
	case v.Kind == Out:
		r.RefundNotListed = append(r.RefundNotListed, v)
	default:
		r.NotListed = append(r.NotListed, v)
	}
}

// owners are the movements that have a name, the oldest first.
func (m *matcher) owners() map[string][]Move {
	owners := map[string][]Move{}
	for _, v := range m.moves {
		for _, name := range append(slices.Clone(v.Shared), v.Own...) {
			owners[name] = append(owners[name], v)
		}
	}
	return owners
}

// loose sorts a line that belongs to no movement.
func (r *Result) loose(l line, in Input, owners map[string][]Move) {
	var sale app.SaleID
	stranger := false // it names an order the journal does not know
	for _, w := range sorted(l.words) {
		known := owners[w]
		if i := slices.IndexFunc(known, func(v Move) bool { return holds(w, l.Line, v) }); i >= 0 {
			sale = cmp.Or(sale, known[i].Sale)
		}
		stranger = stranger || len(known) == 0 && IsOrder(w)
	}
	switch {
	case l.Kind != In && l.Kind != Out, l.old(in):
		r.Aside = append(r.Aside, l.Line)
	case sale == "" && !ours(l.Line, in, stranger):
		r.Elsewhere = append(r.Elsewhere, l.Line)
	case l.Kind == In:
		r.NotHere = append(r.NotHere, Loose{l.Line, sale})
	default:
		r.RefundNotHere = append(r.RefundNotHere, Loose{l.Line, sale})
	}
}

// ours reports whether a line without a movement concerns this desk.
func ours(l Line, in Input, stranger bool) bool {
	if stranger {
		return in.Alone
	}
	return l.Terminal != "" && slices.Contains(in.Terminals, l.Terminal)
}
