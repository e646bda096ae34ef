// Package vault keeps the secrets of one mode: private keys, REST and terminal
// credentials, the keys of this desk (product.md 6).
//
// # Where
//
// Everything secret lies in one sealed file (AES-256-GCM) in the folder of the
// mode. Its 32-byte key lies in the operating system's keyring, or, where there
// is none, in a file wrapped by a passphrase (Argon2id). Nothing secret is ever
// written in the clear, and no vault is made without a place for its key.
//
// # Guarantees
//
// Save is all or nothing and durable: after a crash at any moment the vault
// holds what it held before or all of the change. The generation before stays
// beside it and is used when the newest file is damaged (Recovered tells).
// A change that deletes or replaces a secret seals everything under a new key
// and destroys the old one, so that no copy of the old file can be opened. A
// file that cannot be opened is never overwritten.
//
// Export seals all secrets under a passphrase alone, for a copy that is kept
// elsewhere; ReadExport opens it.
//
// # Concurrency
//
// A Vault may be used from any goroutine; changes run one after another. Open
// and Save talk to the keyring and may wait for the person who must unlock it:
// never call them on the UI goroutine. Their contexts bound the waiting; a Save
// whose context ends has changed nothing.
//
// # Codes
//
// *payments.Error wrapping ErrLocked (nothing could be read): vault.keyring (no
// keyring here), vault.keyring_slow (it did not answer in time), vault.keylost
// (the keyring does not hold the key of this vault), vault.passphrase (wrong),
// vault.passphrase_needed, vault.passphrase_short, vault.damaged, vault.newer, vault.read. Wrapping the
// cause: vault.write, vault.name, vault.size.
package vault
