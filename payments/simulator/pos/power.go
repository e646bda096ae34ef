package pos

import (
	"errors"
	"slices"
	"time"
)

// Unplug pulls the cable or the network: lines are cut and ports shut, what
// runs inside goes on.
func (t *Terminal) Unplug() error {
	return t.shutDown(func() { t.plugged = false })
}

// Plug puts the cable back.
func (t *Terminal) Plug() error {
	return t.startUp(func() { t.plugged = true })
}

// PowerOff cuts the power: an operation without an outcome is lost. What has
// one stays, COMPLETE_TX included.
func (t *Terminal) PowerOff() error {
	return t.shutDown(func() {
		t.powered = false
		if t.op != nil {
			t.op.giveUp()
		}
	})
}

// PowerOn starts the terminal; its ports are open when this returns.
func (t *Terminal) PowerOn() error {
	return t.startUp(func() { t.powered = true })
}

// Reboot switches the terminal off, and on again Pace.Boot later. It does not
// wait for that.
func (t *Terminal) Reboot() {
	if err := t.PowerOff(); err != nil {
		t.Log.Warn("reboot", "error", err)
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.show(func(s *State) { s.Screen = ScreenBoot })
	if t.closed {
		return
	}
	t.jobs.Go(func() {
		timer := time.NewTimer(t.scale(t.Pace.Boot))
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-t.context.Done():
			return
		}
		if err := t.PowerOn(); err != nil {
			t.Log.Warn("the terminal did not come back", "error", err)
		}
	})
}

// shutDown makes the terminal unreachable.
func (t *Terminal) shutDown(edit func()) error {
	t.mu.Lock()
	if t.closed {
		t.mu.Unlock()
		return ErrClosed
	}
	edit()
	ports, lines := slices.Clone(t.ports), t.allLines()
	t.show(func(s *State) {
		if !t.powered {
			*s = State{Revision: s.Revision, Screen: ScreenOff}
		}
	})
	t.mu.Unlock()
	var errs []error
	for _, p := range ports {
		errs = append(errs, p.shut())
	}
	for _, l := range lines {
		l.cut()
	}
	return errors.Join(errs...)
}

// startUp opens the ports when power and cable are there, and then shows it.
func (t *Terminal) startUp(edit func()) error {
	t.mu.Lock()
	if t.closed {
		t.mu.Unlock()
		return ErrClosed
	}
	edit()
	up, ports := t.reachable(), slices.Clone(t.ports)
	t.mu.Unlock()
	var errs []error
	if up {
		for _, p := range ports {
			errs = append(errs, p.open())
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.show(func(s *State) {
		if t.powered && (s.Screen == ScreenOff || s.Screen == ScreenBoot) {
			s.Screen = ScreenIdle
		}
	})
	return errors.Join(errs...)
}
