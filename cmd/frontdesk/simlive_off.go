//go:build !simlive

package main

import (
	"flag"
	"time"

	"frontdesk/app/till"
)

// simulatedMark ends the version of builds that are not what they look like.
const simulatedMark = ""

// simulated is the stand-in of myPOS for Test and Live: there is none.
type simulated struct{}

func (simulated) flags(*flag.FlagSet) {}

func (simulated) clock(now func() time.Time) func() time.Time { return now }

func (simulated) apply(*till.Config) {}
