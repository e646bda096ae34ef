// Package assets holds the files that are built into the programs: icons,
// fonts, drawings, sounds, the numbers of the look and the public sandbox pack of
// myPOS.
//
// It hands out bytes and knows no screen. All files are read-only and safe for
// concurrent use; a name that does not exist is an error of fs.ErrNotExist.
package assets
