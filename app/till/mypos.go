package till

import (
	"frontdesk/payments"
	"frontdesk/payments/checkout"
	"frontdesk/payments/epos"
	"frontdesk/payments/merchant"
)

// addresses of myPOS in one mode.
type addresses struct {
	checkout string
	rest     merchant.Hosts
	gateway  string // for cloud terminals
	own      bool   // a stand-in, in tests and with tag simlive
}

// addressesOf returns the addresses of a mode. They are constants: no file, flag
// or variable can send a payment of Test or Live anywhere else.
func addressesOf(m payments.Mode) addresses {
	switch m {
	case payments.Live:
		return addresses{checkout: checkout.LiveEndpoint, rest: merchant.Production(), gateway: epos.Production}
	case payments.Test:
		return addresses{checkout: checkout.TestEndpoint, rest: merchant.Sandbox(), gateway: epos.Demo}
	}
	return addresses{}
}
