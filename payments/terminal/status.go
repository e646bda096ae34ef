package terminal

import (
	"strconv"
	"strings"
)

// verdict is what one STATUS means at one point of an operation.
type verdict string

// Verdicts. The first five end an operation; keep means that it goes on; look
// means that TX_STATUS decides; issuer means that APPROVAL decides.
const (
	notStarted = verdict(NotStarted)
	notCharged = verdict(NotCharged)
	charged    = verdict(Charged)
	unclear    = verdict(Unclear)
	keep       = verdict("keep")
	look       = verdict("look")
	issuer     = verdict("issuer")
)

// rule is one line of the table of spec 3.7: what a STATUS means at STAGE 1,
// between, and at STAGE 5. Between, anything but keep is held until STAGE 5
// comes, and counts when it does not come in time.
type rule struct {
	start, middle, end verdict
	code               string
}

// ruleOf is the table of spec 3.7. A code that is not in it is never read as
// "no money moved".
func ruleOf(status int) rule {
	switch status {
	case StatusOK:
		return rule{keep, keep, look, ""}
	case StatusBusy:
		return rule{notStarted, unclear, unclear, "terminal.occupied"}
	case StatusSyntax, StatusParameter, StatusMethod:
		return rule{notStarted, unclear, unclear, "terminal.request"}
	case StatusNoCard:
		return rule{notCharged, notCharged, notCharged, "terminal.no_card"}
	case StatusUnsupportedCard:
		return rule{notCharged, keep, notCharged, "terminal.unsupported_card"}
	case StatusChip:
		return rule{notCharged, notCharged, notCharged, "terminal.chip"}
	case StatusFallback:
		return rule{notCharged, keep, notCharged, "terminal.fallback"}
	case StatusWrongPIN:
		return rule{notCharged, keep, notCharged, "terminal.wrong_pin"}
	case StatusPINExhausted:
		return rule{notCharged, notCharged, notCharged, "terminal.pin_exhausted"}
	case StatusPINOnline:
		return rule{unclear, keep, unclear, "terminal.odd"}
	case StatusHostData:
		return rule{unclear, unclear, unclear, "terminal.host_data"}
	case StatusCancelled:
		return rule{notCharged, notCharged, notCharged, "terminal.cancelled"}
	case StatusInternal:
		return rule{notStarted, unclear, issuer, "terminal.internal"}
	case StatusCommunication, StatusTLS:
		return rule{unclear, unclear, unclear, "terminal.bank_line"}
	case StatusNoTransaction, StatusNoReversal:
		return rule{notStarted, unclear, notCharged, "terminal.not_last"}
	case StatusAmount:
		return rule{notStarted, unclear, notCharged, "terminal.amount"}
	case StatusUnfinished:
		return rule{notStarted, unclear, notCharged, "terminal.unfinished"}
	case StatusNoPrinter:
		return rule{unclear, keep, look, "terminal.no_paper"}
	case StatusNoPaper:
		return rule{unclear, keep, charged, "terminal.no_paper"}
	case StatusInfo:
		return rule{unclear, keep, look, "terminal.odd"}
	case 52, 53, 54: // no public meaning; the vendor's own kit goes on (spec 3.7)
		return rule{unclear, keep, unclear, "terminal.odd"}
	}
	return ruleOfSetup(status)
}

// ruleOfSetup is the part of the table about the terminal's own state and the
// merchant's rights.
func ruleOfSetup(status int) rule {
	switch status {
	case StatusActivation, StatusNotDeactivated, 27, 28, 33, 35:
		return rule{notStarted, unclear, notCharged, "terminal.activation"}
	case StatusNeedsUpdate, StatusRemoteActivation, 30:
		return rule{notStarted, unclear, unclear, "terminal.needs_update"}
	case StatusVersion:
		return rule{notStarted, unclear, unclear, "terminal.version"}
	case 39, 40:
		return rule{notStarted, unclear, notCharged, "terminal.request"}
	case 47, 48:
		return rule{notStarted, unclear, notCharged, "terminal.card_data"}
	case StatusWrongPassword:
		return rule{notStarted, unclear, notCharged, "terminal.wrong_password"}
	case StatusPassword:
		return rule{notStarted, unclear, notCharged, "terminal.password"}
	case StatusForbidden:
		return rule{notStarted, unclear, notCharged, "terminal.forbidden"}
	case 23, 24:
		return rule{notStarted, keep, unclear, "terminal.odd"}
	case 31, 32, 37:
		return rule{notStarted, unclear, unclear, "terminal.slave"}
	}
	return rule{unclear, unclear, unclear, "terminal.odd"}
}

// judge reads the money class off a STAGE 5. What contradicts itself is unclear.
func judge(status int, txStatus, approval string) Class {
	taken := txStatus == "0"
	switch v := ruleOf(status).end; v {
	case look:
		return lookAt(txStatus, approval)
	case charged:
		if txStatus != "" && !taken || contradicts(approval) {
			return Unclear
		}
		return Charged
	case issuer:
		if approval == "" || approval == "00" || taken {
			return Unclear
		}
		return Declined
	default:
		if taken {
			return Unclear
		}
		return Class(v)
	}
}

// lookAt decides by TX_STATUS: 0 is money, another number is none. 2 and 14 may
// be steps on the way (spec 3.7), so they need the issuer's no beside them.
func lookAt(txStatus, approval string) Class {
	n, err := strconv.Atoi(txStatus)
	switch {
	case err != nil:
		return Unclear
	case n == 0 && contradicts(approval):
		return Unclear
	case n == 0:
		return Charged
	case approval == "00", (n == 2 || n == 14) && approval == "":
		return Unclear
	}
	return Declined
}

// contradicts reports an issuer's answer that is not an approval.
func contradicts(approval string) bool { return approval != "" && approval != "00" }

// declineCode is the code of an issuer's no: approval.51. What is no such word
// is approval.other.
func declineCode(approval string) string {
	if len(approval) == 0 || len(approval) > 4 || !allNameBytes([]byte(approval)) || strings.Contains(approval, "_") {
		return "approval.other"
	}
	return "approval." + strings.ToLower(approval)
}
