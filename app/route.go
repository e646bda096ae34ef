package app

import "frontdesk/payments"

// Router is a Rail that stands for several: whoever charges names a terminal, and
// Route says on which rail that one is reached ("" is the default terminal). It
// opens no connection.
type Router interface {
	Route(device string) payments.Rail
}

// route is the rail on which a device is reached.
func (d *desk) route(rail payments.Rail, device string) payments.Rail {
	if r, ok := d.rails[rail].(Router); ok {
		return r.Route(device)
	}
	return rail
}
