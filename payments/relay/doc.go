// Package relay is the wire contract between desks and the relay: the JSON
// bodies and frames both sides exchange, their limits, and the checks that a
// body must pass before anyone acts on it.
//
// It holds values only: no network, no disk, no goroutine. Values are
// immutable once handed on and safe to share.
//
// A desk sets the headers HeaderStore and HeaderDesk on every request under
// /d/. It announces its store (PUT /d/store), registers every order before its
// link is shown (POST /d/orders) and hears of it by a stream of frames, over a
// WebSocket (GET /d/stream) or by long-poll (POST /d/poll), which carry the
// same frames: the desk opens with FrameHello and its cursor, the relay answers
// with FrameHello and then sends FrameDeliver; the desk answers every delivery
// that it has stored with FrameAck. Both sides send FrameBeat when they have
// nothing else to say.
package relay
