package setup

import (
	"strconv"

	"frontdesk/payments"
)

// Draft is the draft that changes nothing: what is stored, with every secret
// left blank. In Test the sandbox pack is built in, so its fields stay empty.
func (c Connection) Draft() Draft {
	d := Draft{
		EnableAPI: c.EnableAPI, ClientID: c.ClientID, Cloud: c.Cloud.Draft(), Relay: c.Relay,
		OnlinePayments: c.Online, TerminalPayments: c.Terminal, Base: c.Revision,
	}
	if c.SID != "" && c.Mode != payments.Test {
		d.SID, d.Wallet, d.KeyIndex = c.SID, c.Wallet, strconv.Itoa(c.KeyIndex)
	}
	return d
}
