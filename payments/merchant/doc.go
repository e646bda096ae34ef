// Package merchant speaks the REST API of a merchant's own account (spec 10,
// terminals 5): devices, transactions, accounts, payment requests and links,
// with a client id and secret made in the myPOS account.
//
// Guarantees: amounts are exact decimals; a field whose meaning is uncertain is
// read tolerantly and handed on as it was sent, never guessed; a status number
// of a request or link is a number, it proves nothing. One token is fetched at a
// time and used until shortly before it ends; an answer 401 has one new token
// fetched and the call made once more. No error text holds a secret, a token or
// a byte of an answer.
//
// How a call ended is told by the error, a *payments.Error: ErrUnreachable when
// no byte of the call left (a token that could not be fetched counts so),
// ErrRefused when myPOS said no (4xx: nothing was done), ErrUnknown otherwise.
// After ErrUnknown of a call that changes something, look at the list before
// doing it again.
//
// Concurrency: a Client is safe for concurrent use and owns no goroutine between
// calls. When the context of a call ends, the call returns at once; a token that
// is being fetched is still kept for the next call.
//
// # Codes
//
// rest.credentials: the token address refused client id and secret. rest.pages:
// a list did not end. rest.text, rest.field: a value that cannot be sent (nothing
// left). config.credentials, config.hosts: a wrong Config. Besides those of
// package rest: rest.NNN, rest.portal, rest.redirect, rest.size, rest.answer and
// net.*; amount.* and currency.* of package money.
//
// # Design notes
//
// A payment request has no order id of ours and its status numbers are not
// published, so the proof of a payment is a credit in the transaction list that
// carries our booking text, amount and currency (FindCredit). Where the text
// appears is not published either: it is looked for in every text of the listed
// transaction, then in its details.
package merchant
