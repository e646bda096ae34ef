package journal_test

import (
	"testing"
)

// Looking twice at a journal that grows in between finds it whole both times,
// whichever connection looks.
func TestVerifiedAgain(t *testing.T) {
	t.Parallel()
	j := open(t, t.TempDir())
	for n := range 6 {
		put(t, j, personal(2*n)...)
		if v := verified(t, j); v.Bad != 0 {
			t.Fatalf("%+v", v)
		}
		put(t, j, erased(2*n, "e"))
		if v := verified(t, j); v.Bad != 0 {
			t.Fatalf("%+v", v)
		}
	}
}
