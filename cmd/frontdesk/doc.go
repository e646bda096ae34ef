// Command frontdesk is the window: the till of a salon on the screen.
//
// It wires the till of one data folder to the screens and shows them; nothing is decided here.
// It is the only importer of fyne/app, and so the only package that needs cgo. Built with
// -tags migrated_fynedo; without that tag Fyne reports calls from the wrong goroutine, which the
// smoke test of the Makefile looks for.
//
//	frontdesk [--data DIR] [--version]
//
// It opens in the mode that was worked in last. FRONTDESK_PASSPHRASE_FILE names the passphrase of
// the vault where there is no keyring; without it the window asks. Built with -tags simlive, Test
// and Live speak to the stand-in at --sim-live, every window says SIMULATED and the version ends in
// +simlive.
//
// While the window is open it serves the local socket of its data folder, so that frontdeskctl
// and a second copy speak to the same till.
package main
