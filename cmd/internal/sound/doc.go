// Package sound lets the computer sound: a player of the system is started for
// each sound, or the system itself is asked where it has a way of its own.
//
// A Player may be used from any goroutine. Play returns at once; a sound that
// comes while another one is heard ends that one. Where nothing can play, Play
// does nothing: a sound is never the only sign of anything. Close ends what is
// heard and waits for its player.
package sound
