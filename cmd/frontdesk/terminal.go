package main

import (
	"context"
	"errors"
	"iter"

	"frontdesk/app/till"
	"frontdesk/payments/simulator/pos"
	"frontdesk/ui/screens/practiceterminal"
)

// practiceTerminal is the terminal inside the program in the words of the screens, nil where there
// is none.
func practiceTerminal(d *till.Desk) practiceterminal.Terminal {
	t := d.PracticeTerminal()
	if t == nil {
		return nil
	}
	return terminal{t}
}

type terminal struct{ *pos.Terminal }

// Watch tells the state, and every later one.
func (t terminal) Watch(ctx context.Context) iter.Seq[practiceterminal.State] {
	return func(yield func(practiceterminal.State) bool) {
		for {
			now, changed := t.State()
			if !yield(shown(now)) {
				return
			}
			select {
			case <-changed:
			case <-ctx.Done():
				return
			}
		}
	}
}

func shown(s pos.State) practiceterminal.State {
	out := practiceterminal.State{
		Screen: practiceterminal.Screen(s.Screen), Plugged: s.Plugged, Paper: s.Paper, Amount: s.Amount, TriesLeft: s.TriesLeft,
	}
	for _, a := range s.Asks {
		out.Asks = append(out.Asks, practiceterminal.Button(a))
	}
	return out
}

// Press does what a button says; one that is not asked for does nothing.
func (t terminal) Press(b practiceterminal.Button) error {
	var err error
	switch b {
	case practiceterminal.Unplug:
		err = t.Unplug()
	case practiceterminal.Plug:
		err = t.Plug()
	case practiceterminal.PaperOut, practiceterminal.PaperIn:
		err = t.PaperOut(b == practiceterminal.PaperOut)
	default:
		err = t.Do(pos.Act(b))
	}
	if errors.Is(err, pos.ErrNotAsked) {
		return nil
	}
	return err
}
