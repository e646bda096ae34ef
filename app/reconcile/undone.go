package reconcile

import "frontdesk/payments/money"

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

// undone are the lines of payments that came and went: one in and one reversal of
// the same order and amount, neither of which a movement needs. A customer whose
// payment myPOS took back can pay by the same link again.
func (m *matcher) undone(owners map[string][]Move) map[int]bool {
	type side struct {
		order  string
		amount money.Amount
	}
	in, set := map[side][]int{}, map[int]bool{}
	open := func(visit func(i int, s side)) {
		for i, l := range m.lines {
			if m.lineUsed[i] || l.old(m.in) {
				continue
			}
			if order := l.order(owners); order != "" {
				visit(i, side{order, l.Amount})
			}
		}
	}
	open(func(i int, s side) {
		if l := m.lines[i]; l.Kind == In && !l.Reversal {
			in[s] = append(in[s], i)
		}
	})
	open(func(i int, s side) {
		if l := m.lines[i]; l.Kind == Out && l.Reversal && len(in[s]) > 0 {
			set[i], set[in[s][0]] = true, true
			in[s] = in[s][1:]
		}
	})
	return set
}
