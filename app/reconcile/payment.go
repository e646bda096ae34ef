package reconcile

import "frontdesk/app"

// Payment is the payment that a line names, of those the moves tell of: empty when
// it names none, or several.
func Payment(l Line, moves []Move) (named app.AttemptID) {
	carried := words(l)
	for _, v := range moves {
		if !carries(carried, l, v) {
			continue
		}
		if named != "" && named != v.Attempt {
			return ""
		}
		named = v.Attempt
	}
	return named
}

// carries reports whether a line carries a name of a movement.
func carries(carried map[string]bool, l Line, v Move) bool {
	for _, list := range [][]string{v.Own, v.Shared} {
		for _, name := range list {
			if carried[name] && holds(name, l, v) {
				return true
			}
		}
	}
	return false
}
