package money

// Fault is an error of this package. The text is a code that never changes;
// the sentence for people is found by it. Compare with errors.Is, extract with
// errors.As.
type Fault string

// Faults.
const (
	ErrEmpty     Fault = "amount.empty"      // nothing was typed
	ErrSyntax    Fault = "amount.syntax"     // letters, blanks, signs in odd places
	ErrMarks     Fault = "amount.marks"      // two decimal marks
	ErrDecimals  Fault = "amount.decimals"   // more decimals than the currency has
	ErrStep      Fault = "amount.step"       // the currency is typed in whole units
	ErrZero      Fault = "amount.zero"       // 0 where money is expected
	ErrNegative  Fault = "amount.negative"   // below 0 where money is expected
	ErrLimit     Fault = "amount.limit"      // over the limit of the currency
	ErrOverflow  Fault = "amount.overflow"   // does not fit 63 bits
	ErrMixed     Fault = "amount.mixed"      // two currencies in one sum
	ErrCurrency  Fault = "currency.unknown"  // not in the table of this package
	ErrUnoffered Fault = "currency.legacy"   // readable, never offered
	ErrEncoding  Fault = "currency.encoding" // the wire's rule for the currency is not confirmed
)

// Error returns the code.
func (f Fault) Error() string { return string(f) }

// Code returns the stable code, for the table of sentences.
func (f Fault) Code() string { return string(f) }
