package client

import (
	"io"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// pace are growing pauses between two tries, spread by half either way so that
// many desks do not come back at once. The spread comes from the entropy that
// came in, so that a run can be replayed.
type pace struct {
	*backoff.ExponentialBackOff
	entropy io.Reader
}

func newPace(first, longest time.Duration, entropy io.Reader) *pace {
	steady := backoff.NewExponentialBackOff()
	steady.InitialInterval, steady.MaxInterval, steady.RandomizationFactor = first, longest, 0
	return &pace{steady, entropy}
}

// NextBackOff implements backoff.BackOff.
func (p *pace) NextBackOff() time.Duration {
	d := p.ExponentialBackOff.NextBackOff()
	var b [1]byte
	if _, err := p.entropy.Read(b[:]); err != nil {
		return d // without spread rather than without a pause
	}
	return d/2 + d*time.Duration(b[0])/256
}
