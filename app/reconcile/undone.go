package reconcile

import (
	"slices"

	"frontdesk/payments/money"
)

// order is the order of ours that the line names; empty when it names none that
// the journal knows.
func (l line) order(owners map[string][]Move) string {
	for _, w := range sorted(l.words) {
		if IsOrder(w) && len(owners[w]) > 0 {
			return w
		}
	}
	return ""
}

// side is what a payment and its reversal have in common in the list.
type side struct {
	order  string
	amount money.Amount
}

// sideOf is empty for a line that is not compared or names no order here.
func (m *matcher) sideOf(i int, owners map[string][]Move) side {
	if l := m.lines[i]; !l.old(m.in) {
		return side{l.order(owners), l.Amount}
	}
	return side{}
}

// undone are the lines of payments that came and went: one in and one reversal of
// the same order and amount, neither of which a movement needs. A customer whose
// payment myPOS took back can pay by the same link again. A movement of which the
// journal says that it did not take place needs none: its pair is let go.
func (m *matcher) undone(owners map[string][]Move) map[int]bool {
	reversals, set := map[side][]int{}, map[int]bool{}
	for i, l := range m.lines {
		if s := m.sideOf(i, owners); s.order != "" && !m.lineUsed[i] && l.Kind == Out && l.Reversal {
			reversals[s] = append(reversals[s], i)
		}
	}
	goes := func(in int) bool {
		s := m.sideOf(in, owners)
		if l := m.lines[in]; l.Kind != In || l.Reversal || len(reversals[s]) == 0 {
			return false
		}
		set[in], set[reversals[s][0]] = true, true
		reversals[s] = reversals[s][1:]
		return true
	}
	for i := range m.lines {
		if !m.lineUsed[i] {
			goes(i)
		}
	}
	m.pairs = slices.DeleteFunc(m.pairs, func(e edge) bool {
		v := m.moves[e.move]
		if v.Expect != May || v.Unsure || !goes(e.line) {
			return false
		}
		m.lineUsed[e.line], m.moveUsed[e.move] = false, false
		return true
	})
	return set
}
