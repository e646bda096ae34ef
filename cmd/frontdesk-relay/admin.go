package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"frontdesk/payments/relay"
	"frontdesk/payments/relay/server"
)

// adminSocket is where the running relay listens to its owner, in the data
// folder. Whoever may open it owns the relay.
const adminSocket = "admin.sock"

// listenAdmin opens the socket. The data folder is locked by this process, so
// a socket that is there already is a dead one.
func listenAdmin(ctx context.Context, dir string) (net.Listener, error) {
	path := filepath.Join(dir, adminSocket)
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	if err := os.Chmod(dir, 0o700); err != nil { // before anybody could open it
		return nil, err
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "unix", path)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	return listener, nil
}

// order is one command to a running relay.
type order struct {
	name  string
	args  string // in the usage
	least int    // arguments
	most  int
	run   func(ctx context.Context, a *admin, args []string) error
}

func orders() []order {
	return []order{
		{"pair", "[STORE]", 0, 1, pair},
		{"desks", "[STORE]", 0, 1, desks},
		{"rename", "STORE DESK NAME", 3, 3, rename},
		{"revoke", "STORE DESK", 2, 2, revoke},
		{"accept-damage", "[--yes]", 0, 0, acceptDamage},
	}
}

// admin talks to the running relay.
type admin struct {
	http   *http.Client
	dir    string
	yes    bool
	stdin  io.Reader
	stdout io.Writer
}

// command runs an order. Flags may stand before and after the arguments.
func command(ctx context.Context, o order, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	a := &admin{stdin: stdin, stdout: stdout}
	f := flag.NewFlagSet("frontdesk-relay "+o.name, flag.ContinueOnError)
	f.SetOutput(stderr)
	f.StringVar(&a.dir, "data", "", "data `folder` of the running relay")
	if o.name == "accept-damage" {
		f.BoolVar(&a.yes, "yes", false, "do not ask")
	}
	var words []string
	for rest := args; ; {
		if err := f.Parse(rest); errors.Is(err, flag.ErrHelp) {
			return exitDone
		} else if err != nil {
			return exitUsage
		}
		if f.NArg() == 0 {
			break
		}
		words, rest = append(words, f.Arg(0)), f.Args()[1:]
	}
	if len(words) < o.least || len(words) > o.most || a.dir == "" {
		fmt.Fprintf(stderr, "usage: frontdesk-relay %s %s --data DIR\n", o.name, o.args)
		return exitUsage
	}
	web := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "unix", filepath.Join(a.dir, adminSocket))
	}}
	defer web.CloseIdleConnections()
	a.http = &http.Client{Transport: web, Timeout: 30 * time.Second}
	if err := o.run(ctx, a, words); err != nil {
		fmt.Fprintln(stderr, "frontdesk-relay:", err)
		return exitFailed
	}
	return exitDone
}

// ask makes one request of the running relay.
func ask[T any](ctx context.Context, a *admin, path string, in server.AdminRequest) (out T, err error) {
	body, err := json.Marshal(in)
	if err != nil {
		return out, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://relay"+path, bytes.NewReader(body))
	if err != nil {
		return out, err
	}
	resp, err := a.http.Do(req)
	if err != nil {
		var no *net.OpError
		if errors.As(err, &no) && no.Op == "dial" {
			return out, fmt.Errorf("no relay runs on %s; start it with frontdesk-relay serve, as the same user (%w)", a.dir, no.Err)
		}
		return out, err
	}
	defer func() { err = errors.Join(err, resp.Body.Close()) }()
	if resp.StatusCode != http.StatusOK {
		var p relay.Problem
		if err := relay.Decode(resp.Body, &p); err != nil || p.Text == "" {
			return out, errors.New(resp.Status)
		}
		return out, errors.New(p.Text)
	}
	return out, relay.Decode(resp.Body, &out)
}

func first(args []string) string {
	if len(args) == 0 {
		return ""
	}
	return args[0]
}

// pair prints the code alone on the first line.
func pair(ctx context.Context, a *admin, args []string) error {
	code, err := ask[relay.Code](ctx, a, server.AdminPair, server.AdminRequest{Store: first(args)})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(a.stdout, "%s\n\nType this code at the desk, in Settings, with the address of this relay.\nIt pairs one desk, until %s.\nStore %s\n",
		code.Text, code.Expires.Local().Format("15:04:05"), code.Store)
	return err
}

func desks(ctx context.Context, a *admin, args []string) error {
	list, err := ask[relay.Desks](ctx, a, server.AdminDesks, server.AdminRequest{Store: first(args)})
	if err != nil {
		return err
	}
	var b strings.Builder
	for _, d := range list.Desks {
		state := "not seen since the relay started"
		switch {
		case !d.Revoked.IsZero():
			state = "revoked " + stamp(d.Revoked)
		case !d.Seen.IsZero():
			state = "seen " + stamp(d.Seen)
		}
		fmt.Fprintf(&b, "%s  %s  %s  paired %s, %s\n", d.Store, d.ID, d.Name, stamp(d.Paired), state)
	}
	_, err = io.WriteString(a.stdout, b.String())
	return err
}

func stamp(t time.Time) string { return t.Local().Format("2006-01-02 15:04") }

func rename(ctx context.Context, a *admin, args []string) error {
	_, err := ask[struct{}](ctx, a, server.AdminRename, server.AdminRequest{Store: args[0], Desk: args[1], Name: args[2]})
	return err
}

func revoke(ctx context.Context, a *admin, args []string) error {
	_, err := ask[struct{}](ctx, a, server.AdminRevoke, server.AdminRequest{Store: args[0], Desk: args[1]})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(a.stdout, "The desk is cut off. What it had not fetched goes to the other desks of the store.")
	return err
}

const damageText = `
These were notices of payments, and the relay had answered OK to them. Some desk
may never hear of a payment of that time. Before you go on:

  1. Put back a copy of the data folder if you have one: that loses nothing.
  2. Else compare the payments of those hours with the list in the myPOS portal.

If you go on, desks offer links again. Orders that were registered before the
damage and are not known to be paid stay closed: nobody can pay them twice.
`

// acceptDamage says what is lost and asks.
func acceptDamage(ctx context.Context, a *admin, _ []string) error {
	list, err := ask[server.AdminDamages](ctx, a, server.AdminDamage, server.AdminRequest{})
	if err != nil {
		return err
	}
	open := 0
	for _, d := range list.Damages {
		if d.Accepted {
			continue
		}
		open++
		if _, err := fmt.Fprintf(a.stdout, "Group %d of notices, written %s, cannot be read; %d notices of it can.\n", d.Seq, stamp(d.Written), d.Readable); err != nil {
			return err
		}
	}
	if open == 0 {
		_, err := fmt.Fprintln(a.stdout, "Nothing is damaged that you have not accepted.")
		return err
	}
	if !a.yes {
		if _, err := fmt.Fprint(a.stdout, damageText, "\nType yes to go on: "); err != nil {
			return err
		}
		answer, err := bufio.NewReader(a.stdin).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if strings.TrimSpace(answer) != "yes" {
			return errors.New("nothing was changed")
		}
	}
	if _, err := ask[struct{}](ctx, a, server.AdminAccept, server.AdminRequest{}); err != nil {
		return err
	}
	_, err = fmt.Fprintln(a.stdout, "Accepted. Desks offer links again.")
	return err
}
