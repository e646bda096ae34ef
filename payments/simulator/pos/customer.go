package pos

import (
	"fmt"
	"slices"
)

// Buttons that are no act of the card holder. With every Act they are what Press
// takes; the strings are on the wire of the control surface and never change.
const (
	ButtonUnplug   = "unplug"
	ButtonPlug     = "plug"
	ButtonPowerOff = "power-off"
	ButtonPowerOn  = "power-on"
	ButtonReboot   = "reboot"
	ButtonPaperOut = "paper-out"
	ButtonPaperIn  = "paper-in"
)

// Press does what a button says: an Act, the cable, the power or the paper.
// ErrNotAsked as for Do; a button that is none is ErrScript.
func (t *Terminal) Press(button string) error {
	switch button {
	case ButtonUnplug:
		return t.Unplug()
	case ButtonPlug:
		return t.Plug()
	case ButtonPowerOff:
		return t.PowerOff()
	case ButtonPowerOn:
		return t.PowerOn()
	case ButtonReboot:
		t.Reboot()
		return nil
	case ButtonPaperOut, ButtonPaperIn:
		return t.PaperOut(button == ButtonPaperOut)
	}
	if !knownAct(Act(button)) {
		return fmt.Errorf("%w: no button is called %q", ErrScript, button)
	}
	return t.Do(Act(button))
}

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
