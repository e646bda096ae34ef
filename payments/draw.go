package payments

import (
	"fmt"
	"io"
)

// Crockford is the base-32 alphabet without I, L, O and U: nothing in it can be
// read as something else. Orders, links, sales, desks, stores, devices and
// operators are named with it.
const Crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// Draw returns a random name of n characters of Crockford, 5 bits each.
func Draw(entropy io.Reader, n int) (string, error) {
	b := make([]byte, n)
	if _, err := io.ReadFull(entropy, b); err != nil {
		return "", fmt.Errorf("draw a name: %w", err)
	}
	for i := range b {
		b[i] = Crockford[b[i]&31]
	}
	return string(b), nil
}
