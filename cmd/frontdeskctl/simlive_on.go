//go:build simlive

package main

import (
	"flag"

	"frontdesk/app/till"
	"frontdesk/payments"
)

// simulatedMark ends the version of builds that are not what they look like.
const simulatedMark = "+simlive"

// simulated is the stand-in of myPOS for Test and Live.
type simulated struct{ base string }

func (s *simulated) flags(fs *flag.FlagSet) {
	fs.StringVar(&s.base, "sim-live", s.base, "base `address` of the stand-in of myPOS for Test and Live")
}

func (s *simulated) apply(c *till.Config) {
	if s.base != "" && c.Mode != payments.Practice {
		c.Simulate(s.base)
	}
}
