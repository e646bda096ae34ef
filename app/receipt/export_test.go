package receipt

import "time"

// Hasty is a Press that loses patience ten times as soon.
func (p Press) Hasty() Press {
	u := p.patience.usual()
	for _, d := range []*time.Duration{&u.dial, &u.answer, &u.stall, &u.finish, &u.linger} {
		*d /= 10
	}
	p.patience = u
	return p
}
