// Package account is the REST side of myPOS that is not there: the API of a
// merchant's account (checkout spec 10) and the API gateway with its cloud
// terminals (terminal spec 4), with the money that moves through them.
//
// Purpose: be strict where an implementation could be. A call is refused for a
// missing header, a name used twice (X-Request-ID), an unknown parameter or
// field, a wrong type, a token that ended. What goes wrong on top is decided by
// whoever opens the account (Config.Mishap).
//
// Guarantees: what moves money is one Record, durable through the Journal before
// anything is answered because of it; Requests and Charges tell the truth. The
// same payment request is paid once, a link any number of times, a cloud payment
// as often as it was created: whoever repeats a create charges twice.
//
// Concurrency: an *Account is safe for concurrent use. It starts no goroutine;
// a cloud payment that is due is finished by whatever happens next. One mutex
// guards the state and is held while the Journal appends.
//
// # Readings of our own
//
// Where a payment request's booking text shows in the transaction list is not
// published. Here it stands in reference_number and in the details (title
// "Booking text"); a switch of the fault script leaves it to the details. Status
// numbers of requests are not published either: here 1 is open, 2 paid, 3 over.
// Outcomes of cloud payments follow the last two digits of the amount: 01
// declined, 03 cancelled on the terminal, 04 waits until it is deleted, 08 busy
// (409), anything else approved a second after it was created.
package account
