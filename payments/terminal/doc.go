// Package terminal drives myPOS card terminals over their local protocol, IPP,
// through TCP or a serial port.
//
// This much is settled for those who build on it: the codec (Frame, Encode,
// Split, Reader), the words of the wire, Config, Timers, Dialer, Purchase,
// Refund, Stage, Result, Last and Info.
package terminal
