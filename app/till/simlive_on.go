//go:build simlive

package till

import (
	"strings"

	"frontdesk/app/operators"
	"frontdesk/app/vault"
	"frontdesk/payments"
	"frontdesk/payments/merchant"
)

// simulated says that Live speaks to a stand-in of myPOS.
const simulated = true

// Simulate puts a stand-in at base in the place of myPOS, for Test and Live. It
// exists with tag simlive only, for tests and demonstrations; packages are never
// built with it. Passphrases and PINs are cheap to try there: nothing real lies
// behind them, and tests type many.
func (c *Config) Simulate(base string) {
	base = strings.TrimRight(base, "/")
	path := "/vmp/checkout"
	if c.Mode == payments.Test {
		path = actionPath
	}
	c.mypos = addresses{checkout: base + path, rest: merchant.Hosts{Auth: base, Transactions: base, Devices: base}, gateway: base, own: true}
	c.cost = vault.Cost{Time: 1, Memory: 8, Threads: 1}
	c.pinCost = operators.Cost{Time: 1, Memory: 8, Threads: 1}
}
