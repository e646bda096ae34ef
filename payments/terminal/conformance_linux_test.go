package terminal_test

import (
	"path/filepath"
	"testing"
	"time"

	"frontdesk/payments/simulator/pos"
	"frontdesk/payments/terminal"
	"frontdesk/payments/terminal/terminaltest"
)

// The suite over a pseudo serial port. It has no lines to be dropped and raised,
// so the half second a cable takes is not spent.
func TestConformanceOverAPort(t *testing.T) {
	t.Parallel()
	terminaltest.Run(t, func(t *testing.T, test func(*testing.T, terminaltest.Rig)) {
		t.Parallel()
		p := openPOS(t, pos.Switches{NoTriggers: true}, speed)
		defer closePOS(t, p)
		path, err := p.ListenPTY(filepath.Join(t.TempDir(), "ttyACM0"))
		if err != nil {
			t.Fatal(err)
		}
		timers := quick()
		timers.Connect = 5 * time.Second
		test(t, terminaltest.Rig{
			Driver: driver(t, terminal.Serial(path), timers), Terminal: simulated{p}, NewID: newID, Now: time.Now,
			Patience: 60 * time.Second, Pause: 100 * time.Millisecond,
		})
	})
}
