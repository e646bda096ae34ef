// Package devices is the register of card terminals of a desk: what is stored
// of each, and which one takes the next charge (spec/terminals 9).
//
// # What is kept
//
// Labels, addresses and what each terminal told of itself lie in one file in
// the folder of the mode, replaced as a whole, so a crash leaves the register
// of before or after a change. A file of a newer program is read by nobody and
// never overwritten. Removing is soft: old sales keep the label.
//
// # Guarantees
//
// A change is on disk before it is seen. One that could take a terminal away
// from under a payment (another address, disabling, removing) is refused while
// Config.InUse says that a payment on it runs or is not known. A terminal is
// enabled after one test that found it able to take money, or when the owner
// insists. When another terminal answers at an address than the one that is
// registered, what it told is set aside in Device.Other until the owner
// accepts it; nothing is overwritten by itself.
//
// Methods may be called from any goroutine and wait for nothing but the disk.
// The register opens no connection; app/till and app/rails drive the
// terminals.
//
// # Codes
//
// Errors are *payments.Error wrapping payments.ErrRefused: device.label,
// device.used_label, device.model, device.driver, device.mode, device.host, device.port,
// device.path, device.used_address, device.used_practice, device.limit,
// device.missing (ErrMissing), device.untested, device.in_use, device.disabled.
// From the disk: devices.load, devices.newer (ErrNewer), devices.save.
package devices
