package sound

import "context"

// Config is what a player needs of the system. Both are required,
// and not used on Windows, which plays by itself.
type Config struct {
	// Find returns the path of a program, as exec.LookPath does.
	Find func(name string) (string, error)
	// Run runs a program to its end, or until ctx ends.
	Run func(ctx context.Context, path string, args ...string) error
}
