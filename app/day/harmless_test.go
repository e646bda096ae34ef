package day

import "testing"

// What a customer is called is never a formula of the bookkeeper's spreadsheet.
func TestNamesAreNoFormulas(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"=cmd|'/c calc'!A1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠1"} {
		if got := harmless(s); got != "'"+s {
			t.Errorf("%q is written as %q", s, got)
		}
	}
	for _, s := range []string{"", "Eva", "Ева", "'=1", "\xff"} {
		if got := harmless(s); got != s {
			t.Errorf("%q is written as %q", s, got)
		}
	}
}
