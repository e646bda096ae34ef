package pos

import "slices"

// Do is one act of the card holder. ErrNotAsked means that the display asks for
// something else; nothing happened then.
func (t *Terminal) Do(act Act) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.closed:
		return ErrClosed
	case !t.powered:
		return ErrOff
	case t.op == nil || !slices.Contains(t.state.Asks, act):
		return ErrNotAsked
	}
	t.show(func(s *State) { s.Asks = nil })
	t.op.acts <- act // has room: Asks is set once for each act that is waited for
	return nil
}

// Tap holds a contactless card to the terminal.
func (t *Terminal) Tap() error { return t.Do(ActTap) }

// Insert puts in a card with a chip, whose PIN is asked next.
func (t *Terminal) Insert() error { return t.Do(ActInsert) }

// PIN types the right or a wrong PIN.
func (t *Terminal) PIN(ok bool) error {
	if ok {
		return t.Do(ActPIN)
	}
	return t.Do(ActWrongPIN)
}

// CancelByCustomer presses the red key.
func (t *Terminal) CancelByCustomer() error { return t.Do(ActCancel) }

// PaperOut takes the paper roll out or puts one in.
func (t *Terminal) PaperOut(out bool) error {
	return t.Change(func(s *Switches) { s.NoPaper = out })
}
