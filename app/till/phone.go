package till

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// phoneFor is how long the second listener stays open (product.md 2).
const phoneFor = 30 * time.Minute

// Conditions of *Try with my phone*.
var (
	// ErrNoPhone means that the parts run outside this program, which therefore
	// cannot open them to a phone.
	ErrNoPhone = errors.New("the parts of practice run outside this program")
	// ErrNoAddress means that the address is not a private one of this computer.
	ErrNoAddress = errors.New("not a private address of this computer")
)

// Phone says where a phone on the same network finds the pay pages.
type Phone struct {
	URL   string    // base address
	Until time.Time // when it closes by itself
}

// phone is the second listener. Its zero value is closed.
type phone struct {
	mu     sync.Mutex
	server *http.Server
	timer  *time.Timer
	state  Phone
}

// PhoneAddresses lists the private IPv4 addresses of this computer. None means
// that no phone can reach it.
func (d *Desk) PhoneAddresses() ([]string, error) {
	if d.inside == nil {
		return nil, ErrNoPhone
	}
	return privateAddresses()
}

func privateAddresses() ([]string, error) {
	all, err := net.Interfaces()
	if err != nil {
		return nil, err
	}
	var out []string
	for _, i := range all {
		if i.Flags&net.FlagUp == 0 || i.Flags&net.FlagLoopback != 0 {
			continue
		}
		addresses, err := i.Addrs()
		if err != nil {
			continue
		}
		for _, a := range addresses {
			if n, ok := a.(*net.IPNet); ok && n.IP.To4() != nil && n.IP.IsPrivate() {
				out = append(out, n.IP.String())
			}
		}
	}
	return out, nil
}

// OpenPhone opens pay, landing and hosted pages, and nothing else, on one of
// PhoneAddresses for 30 minutes. Links made from now on carry that address until
// it closes and end with it; those made before keep theirs.
func (d *Desk) OpenPhone(ctx context.Context, address string) (Phone, error) {
	known, err := d.PhoneAddresses()
	if err != nil {
		return Phone{}, err
	}
	found := false
	for _, a := range known {
		found = found || a == address
	}
	if !found {
		return Phone{}, ErrNoAddress
	}
	return d.openPhone(ctx, address)
}

func (d *Desk) openPhone(ctx context.Context, address string) (Phone, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort(address, "0"))
	if err != nil {
		return Phone{}, err
	}
	p := &d.phone
	p.mu.Lock()
	defer p.mu.Unlock()
	p.close()
	p.state = Phone{URL: "http://" + l.Addr().String(), Until: d.cfg.Now().Add(phoneFor)}
	p.server = &http.Server{
		Handler: d.inside.phoneHandler(), ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 15 * time.Second, IdleTimeout: time.Minute,
	}
	mine := p.server
	go func() { _ = mine.Serve(l) }()
	p.timer = time.AfterFunc(phoneFor, func() { p.over(mine) })
	return p.state, nil
}

// phoneHandler joins the customer pages of both parts.
func (in *inside) phoneHandler() http.Handler {
	sim, rel := in.sim.PhoneHandler(), in.landing(in.relay.PhoneHandler())
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/vmp/") {
			sim.ServeHTTP(w, r)
			return
		}
		rel.ServeHTTP(w, r)
	})
}

// Phone returns where a phone finds the pages, and whether that is open now.
func (d *Desk) Phone() (Phone, bool) {
	d.phone.mu.Lock()
	defer d.phone.mu.Unlock()
	return d.phone.state, d.phone.server != nil
}

// ClosePhone closes the second listener, if it is open.
func (d *Desk) ClosePhone() {
	p := &d.phone
	p.mu.Lock()
	defer p.mu.Unlock()
	p.close()
}

// over ends a listener whose time has passed, not the one opened after it.
func (p *phone) over(s *http.Server) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.server == s {
		p.close()
	}
}

// close is called with the lock held.
func (p *phone) close() {
	if p.server == nil {
		return
	}
	p.timer.Stop()
	_ = p.server.Close()
	p.server, p.state = nil, Phone{}
}
