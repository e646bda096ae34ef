package house

import (
	"slices"
	"testing"
)

// neighbours says which rooms of ours a room may import. The first rule that covers the
// importer decides; a room below itself (payments/relay from payments/relay) needs no entry.
type neighbours struct {
	who    []string // importing rooms and everything below them
	exact  bool     // who names the rooms only, not what lies below
	below  []string // rooms that may be imported, with everything below them
	rooms  []string // rooms that may be imported, without what lies below
	tests  []string // rooms that tests may use as props beside those
	reason string
}

func houseRules() []neighbours {
	return []neighbours{
		{
			who: []string{"cmd"}, below: []string{"cmd/internal", "ui", "app", "payments", "assets"},
			reason: "cmd wires everything, but one program is not a part of another",
		},
		{
			who: []string{"ui"}, below: []string{"ui"},
			rooms:  []string{"app", "app/settings", "app/setup", "app/devices", "app/operators", "app/day", "app/receipt", "app/text", "payments", "payments/money", "assets"},
			tests:  []string{"payments/qr"},
			reason: "ui shows the till and asks it: no journal, vault, rails, wires",
		},
		{
			who: []string{"app"}, below: []string{"app", "payments"}, rooms: []string{"assets"},
			reason: "the till works without a window, so app knows no pixels",
		},
		{
			who: []string{"payments/relay/server"}, rooms: []string{"payments", "payments/money", "payments/relay", "payments/checkout"},
			below:  []string{"payments/relay/server"},
			reason: "the relay verifies notices and knows its own wire, nothing of desks or sales",
		},
		{
			who: []string{"payments/relay/client"}, rooms: []string{"payments", "payments/money", "payments/relay"},
			below:  []string{"payments/relay/client"},
			reason: "the client carries notices unread: app verifies them again",
		},
		{
			who: []string{"payments/simulator"}, rooms: []string{"payments", "payments/money", "payments/checkout", "payments/terminal"},
			below:  []string{"payments/simulator"},
			reason: "the simulator stands for myPOS: it speaks its wires and sees nothing of ours",
		},
		{
			who: []string{"payments/merchant", "payments/epos"}, rooms: []string{"payments", "payments/money", "payments/rest"},
			reason: "two REST wires of myPOS share how a call is made and nothing else",
		},
		{
			who: []string{"payments"}, exact: true, rooms: []string{"payments/money"},
			reason: "the vocabulary is shared by all rails, so it may depend on none",
		},
		{
			who: []string{"payments/money"}, exact: true, rooms: []string{"payments"},
			reason: "an amount depends on nothing but the vocabulary",
		},
		{
			who: []string{"payments"}, rooms: []string{"payments", "payments/money"},
			reason: "rooms of payments are replaceable one by one: they share the vocabulary and money only",
		},
		{
			who:    []string{"assets"},
			reason: "assets are files: whoever draws or says them imports them, not the other way",
		},
	}
}

// TestRoomsImportOnlyTheirNeighbours enforces who may import whom. Tests inside a room may use
// more of their own top-level room as props; across top-level rooms they keep to the same rule.
func TestRoomsImportOnlyTheirNeighbours(t *testing.T) {
	for _, f := range files(t) {
		rule, found := ruleFor(f.Room)
		if !found {
			t.Errorf("%s: no import rule covers this room", f.Name)
			continue
		}
		f.imports(func(_, room string) {
			if room == "" || room == f.Room || under(room, f.Room) || slices.Contains(rule.rooms, room) || under(room, rule.below...) {
				return
			}
			if f.Test && slices.Contains(rule.tests, room) {
				return
			}
			if f.Test && topOf(f.Room) == topOf(room) && topOf(room) != "cmd" {
				return
			}
			t.Errorf("%s imports %s/%s: %s", f.Name, module, room, rule.reason)
		})
	}
}

func ruleFor(room string) (neighbours, bool) {
	for _, r := range houseRules() {
		if (r.exact && slices.Contains(r.who, room)) || (!r.exact && under(room, r.who...)) {
			return r, true
		}
	}
	return neighbours{}, false
}

func topOf(room string) string {
	for i := range room {
		if room[i] == '/' {
			return room[:i]
		}
	}
	return room
}

// outsider is a package from outside the module that only some rooms may import.
type outsider struct {
	path   string // import path; everything below it is meant too
	only   []string
	tests  bool // tests of any room may import it
	reason string
}

func outsiders() []outsider {
	return []outsider{
		{"fyne.io/fyne/v2/app", []string{"cmd/frontdesk"}, false, "the only cgo package: everything else builds with CGO_ENABLED=0"},
		{"fyne.io/fyne/v2", []string{"ui", "cmd/frontdesk"}, false, "pixels belong to ui"},
		{"database/sql", []string{"app/journal", "cmd/internal/bench"}, true, "the journal alone speaks SQL, and what it is compared with"},
		{"modernc.org/sqlite", []string{"app/journal", "cmd/internal/bench"}, true, "the journal alone speaks SQL, and what it is compared with"},
		{"github.com/pressly/goose/v3", []string{"app/journal"}, false, "the journal owns its schema"},
		{"github.com/skip2/go-qrcode", []string{"payments/qr"}, false, "one place makes QR codes, so it can be replaced"},
		{"github.com/nats-io", []string{"payments/relay/server"}, false, "the queue is the relay's secret"},
		{"github.com/zalando/go-keyring", []string{"app/vault"}, false, "the vault alone holds the key of the secrets, behind a deadline"},
		{"github.com/godbus/dbus/v5", []string{"app/vault"}, false, "only to see whether a keyring can be asked at all"},
		{"golang.org/x/oauth2", []string{"payments/merchant"}, false, "one place fetches tokens of the merchant's REST credentials"},
		{"go.bug.st/serial", []string{"payments/terminal", "app/receipt"}, false, "ports belong to terminals and printers"},
		{"codeberg.org/go-pdf/fpdf", []string{"app/receipt"}, false, "one place draws paper, so it can be replaced"},
		{"golang.org/x/crypto/argon2", []string{"app/vault", "app/operators"}, false, "passphrases and PINs are stretched where they are checked"},
		{"golang.org/x/crypto/acme", []string{"cmd/frontdesk-relay"}, false, "the relay alone stands in public and needs a certificate"},
		{"golang.org/x/crypto", nil, false, "Argon2id and ACME are all we take from there"},
		{"github.com/coder/websocket", []string{"payments/relay", "cmd/internal/browser"}, true, "desks and relays hold the only sockets of this kind"},
		{"github.com/makiuchi-d/gozxing", []string{"cmd/internal/demo"}, true, "codes are read in tests only"},
		{"github.com/google/go-cmp", nil, true, "a test tool"},
		{"github.com/rogpeppe/go-internal", nil, true, "a test tool"},
		{"go.uber.org/goleak", nil, true, "a test tool"},
		{"pgregory.net/rapid", nil, true, "a test tool"},
		{"testing", []string{"payments/terminal/terminaltest", "app/vault/vaulttest"}, true, "a test tool"},
		{"github.com/stretchr/testify", nil, false, "our tests use the standard library and go-cmp"},
		{"C", nil, false, "no cgo of our own"},
		{"math/rand", nil, true, "chance comes in as an io.Reader; a hidden source cannot be replayed"},
		{"log", []string{"cmd"}, true, "a log is a *slog.Logger that comes in"},
	}
}

func TestOutsidersStayInTheirRooms(t *testing.T) {
	for _, f := range files(t) {
		f.imports(func(full, room string) {
			if room != "" {
				return
			}
			for _, o := range outsiders() {
				if o.path == "log" && full != "log" {
					continue
				}
				if !under(full, o.path) {
					continue
				}
				if !under(f.Room, o.only...) && (!f.Test || !o.tests) {
					t.Errorf("%s imports %s: %s", f.Name, full, o.reason)
				}
				return
			}
		})
	}
}

// TestScreensHoldNoWires keeps keys, sockets and files out of ui.
func TestScreensHoldNoWires(t *testing.T) {
	for _, f := range files(t) {
		if f.Test || !under(f.Room, "ui") {
			continue
		}
		f.imports(func(full, _ string) {
			if under(full, "net/http", "crypto") || full == "net" {
				t.Errorf("%s imports %s: ui shows the till; wires and keys belong to payments", f.Name, full)
			}
		})
	}
}
