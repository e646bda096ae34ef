//go:build simlive

package main

import (
	"flag"
	"time"

	"frontdesk/app/till"
	"frontdesk/payments"
)

// simulatedMark ends the version of builds that are not what they look like.
const simulatedMark = "+simlive"

// simulated is the stand-in of myPOS for Test and Live, and a clock that runs
// ahead: what an owner may do a day later can be tried today.
type simulated struct {
	base  string
	ahead time.Duration
}

func (s *simulated) flags(fs *flag.FlagSet) {
	fs.StringVar(&s.base, "sim-live", s.base, "base `address` of the stand-in of myPOS for Test and Live")
	fs.DurationVar(&s.ahead, "sim-clock", s.ahead, "`time` by which the clock is ahead (+25h)")
}

// clock is the clock of the program.
func (s *simulated) clock(now func() time.Time) func() time.Time {
	return func() time.Time { return now().Add(s.ahead) }
}

func (s *simulated) apply(c *till.Config) {
	if s.base != "" && c.Mode != payments.Practice {
		c.Simulate(s.base)
	}
}
