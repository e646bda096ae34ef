// Package till wires a till for both programs, the window and frontdeskctl:
// it takes the data folder, opens the journal and the rails of the mode, starts
// the till over them and answers on the local socket.
//
// In Practice it also starts the simulator and the relay inside the program, on
// loopback ports that stay the same from run to run, unless Setup chose outside
// parts. A kept port that something else has taken by now is replaced by a new
// one: links made before lead nowhere then, so nobody can pay them, and what
// was paid before is still asked for at the new address.
//
// In Test and Live it works with what the owner connected: what is not secret
// lies in connection.json of the mode, what is in its vault, under names that the
// file tells. Replacing that file is the moment at which a change happens, so a
// save that is cut off changes nothing. A save, a disconnection or an unlocked
// vault takes effect without a restart: the rails of the till work with wires
// that are replaced as a whole, and calls under way end on the old ones. Orders
// remember under which private key they began. A vault that cannot be opened
// leaves the journal readable; rails say vault.locked then.
//
// Guarantees: a folder has one till at a time; Open changes nothing in a folder
// it cannot hold, and a journal that is newer, damaged or not writable is
// refused as it is. Close ends everything Open started, in the order in which
// nothing is lost: first callers, then the till, then the parts below it.
//
// The journal is compared with myPOS's list while a window is open: at the start,
// on wake, when the account was connected and every half hour, before each
// closing, and whenever somebody asks (Reconcile). One comparison runs at a time
// and none holds the till; what fails stands in the report of the day and is tried
// again with the next turn. What the list settles is handed to the till, which
// weighs it; that something is not listed is never handed in. While the list
// shows money given back for a sale that is not noted here, the till refuses another
// refund of it. In Practice the list is that of the simulator. The Comparer that does
// so knows nothing of the folder and can be used without a Desk.
//
// While a window is open, receipts of what is paid and given back are printed by
// themselves, if that was chosen: beside the till, so that no payment waits for
// a printer, and each at most once. That printing began is written down before
// the first byte leaves; what a killed run had begun is told and not repeated, and
// what was due more than ten minutes ago is told, too. A person prints again.
//
// Concurrency: a Desk may be used from several goroutines.
//
// Cancelling: the context of Open bounds the start only. A change of the
// connection whose context ends has changed nothing, or all of it.
//
// # Codes
//
// mode.unset, mode.simulated, mode.practice_needs_nothing, store.none,
// store.disconnected, relay.none, online.off, vault.locked, connection.open, connection.watched,
// connection.damaged, connection.newer, connection.write, operator.right,
// operator.key, operator.no_key, practice.sim, setup.address, adopt.gone, adopt.refund, match.off, match.clock, check.*,
// those of package receipt, and of its notes printer.begun and printer.late. Standing
// conditions: vault.locked, notify.lost (paid at myPOS, and no notice came),
// page.signature and page.rejected (a customer pressed Pay, and myPOS refuses the
// form or does not know the order).
package till
