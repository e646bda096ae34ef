package server

import (
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// limiter allows every address so much. It remembers at most twice most
// addresses: whoever was not heard of for that long starts anew.
type limiter struct {
	now   func() time.Time
	each  rate.Limit
	burst int
	most  int

	mu         sync.Mutex
	young, old map[netip.Prefix]*rate.Limiter
}

// Limits by address. Valid notices of known stores have none.
const (
	pairEvery  = 12 * time.Second
	pairBurst  = 10
	wrongEvery = 200 * time.Millisecond // notices of unknown stores
	wrongBurst = 50
	pageEvery  = 100 * time.Millisecond // many phones may share an address
	pageBurst  = 120

	limitMost = 1 << 14
)

func newLimiter(now func() time.Time, every time.Duration, burst int) *limiter {
	return &limiter{
		now: now, each: rate.Every(every), burst: burst, most: limitMost,
		young: map[netip.Prefix]*rate.Limiter{}, old: map[netip.Prefix]*rate.Limiter{},
	}
}

func (l *limiter) allow(from netip.Prefix) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	one := l.young[from]
	if one == nil {
		if one = l.old[from]; one == nil {
			one = rate.NewLimiter(l.each, l.burst)
		}
		if len(l.young) >= l.most {
			l.young, l.old = map[netip.Prefix]*rate.Limiter{}, l.young
		}
		l.young[from] = one
	}
	return one.AllowN(l.now(), 1)
}

// caller returns the address that a request comes from: a whole one, or the
// network that one customer has with IPv6.
func (s *Server) caller(r *http.Request) netip.Prefix {
	ip, _ := remote(r)
	if s.cfg.BehindProxy {
		if last, ok := lastForwarded(r.Header); ok {
			ip = last
		}
	}
	bits := ip.BitLen()
	if ip.Is6() {
		bits = 64
	}
	p, err := ip.Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return p
}

// lastForwarded returns the right-most address of X-Forwarded-For, which our
// own proxy wrote; those before it are what somebody says.
func lastForwarded(h http.Header) (netip.Addr, bool) {
	lines := h.Values("X-Forwarded-For")
	if len(lines) == 0 {
		return netip.Addr{}, false
	}
	line := lines[len(lines)-1]
	text := strings.TrimSpace(line[strings.LastIndexByte(line, ',')+1:])
	if ip, err := netip.ParseAddr(strings.Trim(text, "[]")); err == nil {
		return ip.Unmap().WithZone(""), true
	}
	if ip, err := netip.ParseAddrPort(text); err == nil {
		return ip.Addr().Unmap().WithZone(""), true
	}
	return netip.Addr{}, false
}

// limitedPages turns an address away that asks for too many pages. What runs
// on this machine is not limited.
func (s *Server) limitedPages(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !local(r) && !s.pageLimit.allow(s.caller(r)) {
			w.Header().Set("Retry-After", "10")
			s.pages.show(w, http.StatusTooManyRequests, "message", messageView("trouble", browserLanguage(r), "", ""), "'none'")
			return
		}
		h(w, r)
	}
}
