package reconcile

import (
	"slices"

	"frontdesk/app"
)

// Unnoted reports whether the list holds money given back for a sale that none of its
// refunds stands for. The moves of the sale as it is now replace those it had when the
// list was read; a refund of ours that runs or is not known takes its line.
func Unnoted(in Input, sale app.SaleID, moves []Move) bool {
	if !slices.ContainsFunc(in.Lines, func(l Line) bool { return l.Kind == Out && named(l, moves) }) {
		return false // mostly: nothing was given back at all
	}
	others := slices.DeleteFunc(slices.Clone(in.Moves), func(v Move) bool { return v.Sale == sale })
	in.Moves = append(others, moves...)
	return slices.ContainsFunc(Match(in).RefundNotHere, func(l Loose) bool { return l.Sale == sale })
}

// named reports whether a line carries a name of one of the movements.
func named(l Line, moves []Move) bool {
	carried := words(l)
	return slices.ContainsFunc(moves, func(v Move) bool { return carries(carried, l, v) })
}
