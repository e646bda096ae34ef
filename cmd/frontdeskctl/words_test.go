package main

import "testing"

// What a customer or booking software calls itself steers no terminal and fakes no
// line.
func TestWordsAreOneHarmlessLine(t *testing.T) {
	t.Parallel()
	got := words("Eva\x1b[2J\x1b]0;paid\a", "cut\r\nS1  2026  45.00 EUR  PAID", "\u202eDAIP\u009b")
	if want := "Eva [2J ]0;paid cut S1 2026 45.00 EUR PAID DAIP"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
