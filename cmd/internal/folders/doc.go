// Package folders says where the programs keep their data when nobody says otherwise, the same
// for all of them, so that the window and frontdeskctl find each other without flags.
//
// It only names folders; it makes none and holds no state.
package folders
