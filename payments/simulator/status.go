package simulator

import "frontdesk/payments/checkout"

// refusal is a request turned down: the status, and what to say about it. It
// never holds values of the request.
type refusal struct {
	status checkout.Status
	why    string
}

func refuse(s checkout.Status, why string) *refusal { return &refusal{s, why} }

// message is StatusMsg as myPOS words it.
func message(s checkout.Status, why string) string {
	switch {
	case s == checkout.StatusSuccess:
		return "Success"
	case why == "":
		return s.Name()
	}
	return s.Name() + ": " + why
}
