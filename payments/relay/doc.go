// Package relay is the wire contract between desks and the relay: the JSON
// bodies and frames both sides exchange, their limits, and the checks that a
// body must pass before anyone acts on it.
//
// It holds values only: no network, no disk, no goroutine. Values are
// immutable once handed on and safe to share.
//
// A desk signs every request under /d/ (SignedRequest) with the key it drew when
// it was paired by a code (POST /d/pair); unsigned requests, which only name
// store and desk, are for Practice on one machine. It announces its store (PUT /d/store), registers every order before its
// link is shown (POST /d/orders) and hears of it by a stream of frames, over a
// WebSocket (GET /d/stream) or by long-poll (POST /d/poll), which carry the
// same frames: the desk opens with FrameHello and its cursor, the relay answers
// with FrameHello and then sends FrameDeliver; the desk answers every delivery
// that it has stored with FrameAck. Both sides send FrameBeat when they have
// nothing else to say. Paired desks list, rename and revoke each other and make
// codes for further ones (/d/desks, /d/codes). Deliveries to them are sealed
// (Sealer): only the desk can read them, with a key that comes from the one it
// signs with.
package relay
