// Package async is the one place where the screens start goroutines and where
// results come back to the UI goroutine.
//
// A Dispatcher runs work beside the UI and hands what it found back with Do.
// Work ends when its context ends; Window.Wait tells when all of it has. Do
// never blocks the caller and runs functions in the order they were given.
package async
