package checkout

// Status is the Status of an answer and the "Error n" of the hosted page
// (spec 5.1).
type Status int

// StatusUndefined is what myPOS calls an error without a number of its own.
const StatusUndefined Status = 99
