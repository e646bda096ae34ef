package checkout

// Status is the Status of an answer and the "Error n" of the hosted page
// (spec 5.1). Numbers outside the table are kept as they came.
type Status int

// The 27 published codes.
const (
	StatusSuccess              Status = 0
	StatusMissingParameters    Status = 1
	StatusSignatureFailed      Status = 2
	StatusGeneralError         Status = 3
	StatusInvalidSID           Status = 4
	StatusInvalidParameters    Status = 5
	StatusInvalidReferer       Status = 6
	StatusPaymentTries         Status = 7
	StatusNotAuthorised        Status = 8
	StatusWrongAmount          Status = 9
	StatusUnsupportedCall      Status = 10
	StatusInactiveMandate      Status = 11
	StatusInvalidMandate       Status = 12
	StatusInsufficientFunds    Status = 13
	StatusNotPermitted         Status = 14
	StatusExceededLimit        Status = 15
	StatusMandateRegistered    Status = 16
	StatusInactiveAccount      Status = 17
	StatusInvalidAccount       Status = 18
	StatusAccountLimits        Status = 19
	StatusDuplicate            Status = 20
	StatusDeclined             Status = 21
	StatusWrongExpiryDate      Status = 22
	StatusInvalidSession       Status = 23
	StatusAuthenticationFailed Status = 24
	StatusStoreRestricted      Status = 25
	StatusUndefined            Status = 99
)

// Statuses returns the published codes in order.
func Statuses() []Status {
	all := make([]Status, 0, 27)
	for s := StatusSuccess; s <= StatusStoreRestricted; s++ {
		all = append(all, s)
	}
	return append(all, StatusUndefined)
}

// Name returns the published name, spelled as published, or
// "E_UNDEFINED_ERROR" for a number outside the table.
func (s Status) Name() string { return s.explain().name }

// Sentence says in plain words what happened.
func (s Status) Sentence() string { return s.explain().sentence }

// Fix says what to do now.
func (s Status) Fix() string { return s.explain().fix }

// Code returns the stable code of errors with this status, e.g. "status.9".
func (s Status) Code() string { return statusCode(int(s)) }

type explanation struct{ name, sentence, fix string }

func (s Status) explain() explanation {
	switch {
	case s >= StatusSuccess && s <= StatusUnsupportedCall:
		return s.aboutRequest()
	case s > StatusUnsupportedCall && s <= StatusDuplicate:
		return s.aboutAccount()
	}
	return s.aboutPayment()
}

func (s Status) aboutRequest() explanation {
	switch s {
	case StatusSuccess:
		return explanation{"SUCCESS", "myPOS did what was asked.", "Nothing to do."}
	case StatusMissingParameters:
		return explanation{
			"E_MISSING_REQ_PARAMS", "myPOS misses a field in the request.",
			"Update Frontdesk. If it happens again, send the details of this sale to support.",
		}
	case StatusSignatureFailed:
		return explanation{
			"E_SIGNATURE_FAILED", "The signature does not fit what myPOS received.",
			"Check that the private key belongs to the key index in Settings, or paste a new configuration pack.",
		}
	case StatusGeneralError:
		return explanation{
			"E_IPC_ERROR", "myPOS could not tell which store is asking.",
			"Check the key index (use the last one listed), and that test credentials are not used in Live or the reverse.",
		}
	case StatusInvalidSID:
		return explanation{
			"E_INVALID_SID", "The store id is wrong or belongs to another wallet.",
			"Compare store id and wallet number with the store page in your myPOS account.",
		}
	case StatusInvalidParameters:
		return explanation{
			"E_INVALID_PARAMS", "myPOS does not accept a value of the request.",
			"Check that the credentials fit the mode (Test or Live). If they do, send the details to support.",
		}
	case StatusInvalidReferer:
		return explanation{
			"E_INVALID_REFERER", "The pay page is at an address myPOS has not approved for this store.",
			"Add the domain of the relay, without a path, to the approved links of the store.",
		}
	case StatusPaymentTries:
		return explanation{
			"STATUS_PAYMENT_TRIES", "Too many attempts were made to pay this order.",
			"Check the sale, then make a new code or use another way to pay.",
		}
	case StatusNotAuthorised:
		return explanation{
			"E_TRANSACTION_AUTH_FAIL", "The transaction was not authorised.",
			"Ask the customer for another card or another way to pay.",
		}
	case StatusWrongAmount:
		return explanation{
			"E_WRONG_AMOUNT", "The amount is not accepted or the rows do not add up to it.",
			"For a refund, check what is left to give back. For a sale, enter it again.",
		}
	}
	return explanation{
		"E_UNSUPPORTED_CALL", "This function is not enabled for the store.",
		"Ask myPOS to enable it, or do it in the myPOS account.",
	}
}

func (s Status) aboutAccount() explanation {
	switch s {
	case StatusInactiveMandate:
		return explanation{
			"E_INACTIVE_MANDATE_REFERENCE", "The direct debit mandate is not active.",
			"Activate the mandate in the myPOS account.",
		}
	case StatusInvalidMandate:
		return explanation{
			"E_INVALID_MANDATE_REFERENCE", "myPOS does not know the direct debit mandate.",
			"Compare the mandate reference with the myPOS account.",
		}
	case StatusInsufficientFunds:
		return explanation{
			"E_NOT_SUFFICIENT_FUNDS", "There is not enough money in the account.",
			"For a refund, add money to your myPOS account and refund again. For a sale, ask for another card.",
		}
	case StatusNotPermitted:
		return explanation{
			"E_TRANSACTION_NOT_PERMITTED", "The transaction is not permitted.",
			"Use another way to pay, or ask myPOS what is blocked for this store or card.",
		}
	case StatusExceededLimit:
		return explanation{
			"E_EXCEEDED_LIMIT", "A limit was exceeded.",
			"Ask the customer for another card, or split the amount; ask myPOS about the limits of the store.",
		}
	case StatusMandateRegistered:
		return explanation{
			"E_MANDATE_ALREADY_REGISTERED", "The direct debit mandate exists already.",
			"Use the existing mandate.",
		}
	case StatusInactiveAccount:
		return explanation{
			"E_INACTIVE_ACOUNTIDENTIFIER", "The account is not active.",
			"Activate the settlement account in the myPOS account.",
		}
	case StatusInvalidAccount:
		return explanation{
			"E_INVALID_ACOUNTIDENTIFIER", "myPOS does not know the account.",
			"Compare the wallet number with the myPOS account.",
		}
	case StatusAccountLimits:
		return explanation{
			"E_EXEEDED_ACCOUNT_LIMITS", "The limits of the account are used up.",
			"Look up the limits in the myPOS account, or ask myPOS to raise them.",
		}
	}
	return explanation{
		"E_DUPLICATE_TRANSMISSION", "myPOS already has this order number.",
		"Do not charge or refund again before you looked: press Check now, or find the order in the myPOS account.",
	}
}

func (s Status) aboutPayment() explanation {
	switch s {
	case StatusDeclined:
		return explanation{
			"E_TRANSACTION_DECLINED", "The bank said no.",
			"Ask the customer for another card or another way to pay.",
		}
	case StatusWrongExpiryDate:
		return explanation{
			"E_WRONG_EXPIRE_DATE", "The expiry date of the card is wrong.",
			"Ask the customer to enter the date printed on the card.",
		}
	case StatusInvalidSession:
		return explanation{
			"E_INVALID_SESSION", "The payment page has timed out.",
			"Check the sale, then make a new code.",
		}
	case StatusAuthenticationFailed:
		return explanation{
			"E_3DS_AUTHENTICATION_FAILED", "The customer's bank could not confirm who is paying.",
			"Ask the customer to try again and confirm in the bank's app, or to use another card.",
		}
	case StatusStoreRestricted:
		return explanation{
			"E_STORE_RESTRICTED", "The store may not take this payment: it is switched off, not verified, or set up for another currency or domain.",
			"In the myPOS account, check that the store is enabled and verified, has this currency, and lists the relay's domain without a path. New keys do not help.",
		}
	}
	return explanation{
		"E_UNDEFINED_ERROR", "myPOS reported an error without a known number.",
		"Check the sale before you try again; if it stays, ask myPOS with the details.",
	}
}
