package main

import "fyne.io/fyne/v2"

// metadata repeats FyneApp.toml for builds that were not made by the fyne packager; a test
// compares the two. The ID also names keyring entries and never changes.
func metadata() fyne.AppMetadata {
	return fyne.AppMetadata{
		ID:      "salon.frontdesk.till",
		Name:    "Frontdesk",
		Version: "0.1.0",
		Build:   1,
	}
}
