package till

import "frontdesk/app"

// notary proves again what the store that is connected now, or was before, got
// signed.
type notary struct{ socket *socket }

var _ app.Verifier = notary{}

// VerifyNotice checks the body of a notice.
func (n notary) VerifyNotice(raw []byte) error { return n.socket.now().notary.VerifyNotice(raw) }

// VerifyAnswer checks an answer of the hosted checkout.
func (n notary) VerifyAnswer(raw []byte) error { return n.socket.now().notary.VerifyAnswer(raw) }
