package till

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"frontdesk/payments/checkout"
	"frontdesk/payments/relay/server"
	"frontdesk/payments/simulator"
	"frontdesk/payments/simulator/pos"
)

// actionPath is where the stand-in takes forms.
const actionPath = "/vmp/checkout-test"

// simulatorName is the file of what the stand-in knows.
const simulatorName = "simulator.jsonl"

// grace is how long requests under way may take when a part closes.
const grace = 2 * time.Second

// inside is the simulator and the relay within this program.
type inside struct {
	sim        *simulator.Simulator
	terminal   *pos.Terminal // closed by the simulator
	relay      *server.Server
	simServer  *http.Server
	relServer  *http.Server
	simURL     string
	relayURL   string
	landed     chan struct{} // a customer's browser was shown where it landed
	serveError chan error
}

// startInside starts both parts on the ports p keeps, and keeps new ones in p.
func startInside(ctx context.Context, cfg Config, folder string, p *practice) (_ *inside, store checkout.Store, err error) {
	simL, simPort, err := listenKept(ctx, p.SimPort, cfg.Entropy)
	if err != nil {
		return nil, store, err
	}
	relL, relPort, err := listenKept(ctx, p.RelayPort, cfg.Entropy)
	if err != nil {
		return nil, store, errors.Join(err, simL.Close())
	}
	in := &inside{
		simURL: "http://" + loopback(simPort), relayURL: "http://" + loopback(relPort),
		landed: make(chan struct{}, 1), serveError: make(chan error, 2),
	}
	if p.SimPort != 0 && (simPort != p.SimPort || relPort != p.RelayPort) {
		cfg.Log.Warn("a kept port is taken: practice links made before lead nowhere now", "relay", in.relayURL)
	}
	p.SimPort, p.RelayPort = simPort, relPort
	if err = in.open(ctx, cfg, folder); err != nil {
		return nil, store, errors.Join(err, simL.Close(), relL.Close(), in.close())
	}
	in.simServer = in.serve(simL, in.sim.Handler(), cfg.Log)
	in.relServer = in.serve(relL, in.landing(in.relay.Handler()), cfg.Log)
	pack, err := in.sim.Pack()
	if err == nil {
		store, err = checkout.ParsePack(pack)
	}
	if err != nil {
		return nil, store, errors.Join(err, in.close())
	}
	return in, store, nil
}

func (in *inside) open(ctx context.Context, cfg Config, folder string) (err error) {
	in.sim, err = simulator.Open(simulator.Config{
		StateFile: filepath.Join(folder, simulatorName), Now: cfg.Now, Entropy: cfg.Entropy,
		HTTP: &http.Client{Transport: &http.Transport{}}, AllowPrivate: true, Log: cfg.Log.With("part", "simulator"),
	})
	if err != nil {
		return err
	}
	in.terminal, err = in.sim.OpenTerminal(pos.Config{Switches: customer(cfg.Window), Log: cfg.Log.With("part", "terminal")})
	if err != nil {
		return err
	}
	in.relay, err = server.Open(ctx, server.Config{
		Dir: filepath.Join(folder, "relay"), Public: func() string { return in.relayURL }, Now: cfg.Now,
		Entropy: cfg.Entropy, AllowPractice: true, Log: cfg.Log.With("part", "relay"),
	})
	return err
}

// customer is nobody where a person can press the buttons of the terminal in a
// window, else one who taps by himself.
func customer(window bool) pos.Switches {
	if window {
		return pos.Switches{}
	}
	return pos.Switches{Customer: pos.CustomerTap}
}

func (in *inside) serve(l net.Listener, h http.Handler, log *slog.Logger) *http.Server {
	s := &http.Server{
		Handler: h, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: time.Minute,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	go func() { in.serveError <- s.Serve(l) }()
	return s
}

// landing tells when a browser has been shown its landing page.
func (in *inside) landing(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r)
		if r.Method == http.MethodPost && (strings.HasPrefix(r.URL.Path, "/ok") || strings.HasPrefix(r.URL.Path, "/cancel")) {
			select {
			case in.landed <- struct{}{}:
			default:
			}
		}
	})
}

// close ends the stand-in first, so that no notice meets a closed relay.
func (in *inside) close() error {
	var errs []error
	stop := func(s *http.Server) {
		if s == nil {
			return
		}
		ctx, cancel := context.WithTimeout(context.Background(), grace)
		defer cancel()
		if s.Shutdown(ctx) != nil {
			errs = append(errs, s.Close())
		}
	}
	stop(in.simServer)
	if in.sim != nil {
		errs = append(errs, in.sim.Close())
	}
	if in.relay != nil {
		in.relay.HangUp()
	}
	stop(in.relServer)
	if in.relay != nil {
		ctx, cancel := context.WithTimeout(context.Background(), grace)
		defer cancel()
		errs = append(errs, in.relay.Shutdown(ctx))
	}
	return errors.Join(errs...)
}
