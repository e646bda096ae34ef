package simulate

import "frontdesk/app/rails"

// stand are the terminals of a desk.
type stand struct{}

func (w *world) openStand(d *desk, n int) (*stand, error) { return nil, nil }

func (s *stand) till(l *life) rails.Devices { return nil }

func (s *stand) calm() {}
