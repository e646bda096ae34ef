//go:build !linux

package pos

// ListenPTY has no pseudo serial ports to offer here: ErrUnsupported.
func (t *Terminal) ListenPTY(string) (string, error) { return "", ErrUnsupported }
