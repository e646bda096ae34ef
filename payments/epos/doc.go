// Package epos drives card terminals through the API gateway of myPOS ("ePOS",
// terminal spec 4): the amount goes to the gateway, the terminal shows it, and
// the outcome is asked for again and again.
//
// Guarantees: a payment is created once per call and never repeated; its own
// reference number, on disk before Create is called, finds it again when the
// answer was lost (Lookup). A word for a status that is not known means pending,
// never paid. Amounts are integers in minor units; currencies whose minor unit
// is not confirmed on this wire are refused. No error text holds a secret, a
// token or a byte of an answer.
//
// How a call ended is told by the error, a *payments.Error: ErrUnreachable when
// no byte of the call left, ErrRefused when the gateway said no, ErrUnknown
// otherwise. After ErrUnknown of Create the customer may be asked for a card at
// this moment: Lookup, and nothing else, until it is known.
//
// Concurrency: a Client is safe for concurrent use and owns no goroutine. When
// the context of a call ends, the call returns at once; a payment that was
// created goes on. It must be deleted (Cancel) by whoever gives it up: the
// gateway keeps it open for about a month.
//
// # Codes
//
// epos.credentials: the gateway refused the integration's id and secret;
// epos.merchant: those of the merchant; epos.forbidden: it may not use the
// terminal or this application; epos.terminal: no such terminal; epos.busy: the
// terminal is busy; epos.reference, epos.text: a value that cannot be sent;
// epos.twice: two payments of one reference; epos.missing: no such payment;
// answer.amount, answer.other: another payment than the one that was asked for.
// config.credentials, config.hosts: a wrong Config. Besides: rest.* and net.* of
// package rest, amount.* and currency.* of package money.
//
// # Design notes
//
// Deleting answers only that it was asked; the payment can still succeed, so the
// outcome comes from Payment alone. Members of answers are read in snake_case
// and camelCase, because both were seen. How the list is sorted is not
// documented, so Lookup reads it from both ends.
package epos
