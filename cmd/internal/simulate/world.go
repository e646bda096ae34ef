package simulate

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"time"

	"frontdesk/payments/checkout"
	"frontdesk/payments/simulator"
)

// Config says which day is simulated. Seed and Keys are required.
type Config struct {
	Seed uint64
	// Keys is the content of the key file of the stand-in for myPOS, as MakeKeys
	// made it: new keys for every day would take longer than the day.
	Keys []byte
	// Dir is where the files of the day lie; it must be there and empty.
	Dir string
	// Plant puts a bug into the desk, 0 for none.
	Plant int
	// Loud tells every request in the trace, not only those that suffer.
	Loud bool
	// Log gets what the programs log; nil discards it.
	Log *slog.Logger
}

// Result is how a day ended.
type Result struct {
	Figures
	Problems []string // what is wrong at the end; empty is as it should be
	Trace    string   // what happened, a line each
	Hash     string   // of the trace: the same for the same seed
}

// world is one day of one salon.
type world struct {
	chance  chance
	plan    plan
	root    string
	plant   plant
	verbose *slog.Logger

	trace *trace
	count *counter
	net   *network
	mypos *simulator.Simulator
	store checkout.Store
	relay *relayRun
	desks []*desk

	mu       sync.Mutex
	storm    bool
	problems []string
}

// MakeKeys makes the keys of myPOS and of the salon. It works in a folder that is
// empty and leaves files there.
func MakeKeys(dir string, now func() time.Time) ([]byte, error) {
	file := filepath.Join(dir, "mypos.jsonl")
	s, err := simulator.Open(simulator.Config{StateFile: file, Now: now, Entropy: rand.Reader, HTTP: &http.Client{Transport: nowhere{}}})
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(file + ".keys")
}

type nowhere struct{}

func (nowhere) RoundTrip(*http.Request) (*http.Response, error) { return nil, refused() }

// Run simulates a day. It must be called in a bubble of testing/synctest: a day
// takes seconds.
func Run(cfg Config) Result {
	w := &world{
		chance: chance{cfg.Seed}, root: cfg.Dir, plant: plant(cfg.Plant), verbose: cfg.Log,
		trace: &trace{begun: time.Now()}, count: &counter{},
	}
	w.plan = draw(w.chance)
	w.net = newNetwork(w.chance, w.trace, w.count)
	w.net.loud = cfg.Loud
	if err := w.day(cfg.Keys); err != nil {
		w.fail("the day could not be simulated: %v", err)
	}
	w.count.Seeds = 1
	if len(w.problems) > 0 {
		w.count.Failed = 1
	}
	return Result{Figures: w.count.Figures, Problems: w.problems, Trace: w.trace.text(), Hash: w.trace.hash()}
}

// fail notes what is wrong, once.
func (w *world) fail(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	w.mu.Lock()
	defer w.mu.Unlock()
	if slices.Contains(w.problems, text) {
		return
	}
	w.problems = append(w.problems, text)
	w.trace.add("PROBLEM: %s", text)
}

func (w *world) stormy() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.storm
}

// weather begins and ends the time in which things go wrong.
func (w *world) weather(storm bool) {
	w.mu.Lock()
	w.storm = storm
	w.mu.Unlock()
	w.net.weather(storm)
	w.trace.add("storm: %v", storm)
}

// day opens the salon, lets the day happen, and compares in the end.
func (w *world) day(keys []byte) (err error) {
	ctx := context.Background()
	if err := w.open(ctx, keys); err != nil {
		return errors.Join(err, w.close())
	}
	w.weather(true)
	w.happen()
	w.weather(false)
	w.repair(ctx)
	time.Sleep(calm)
	for _, d := range w.desks {
		w.closeDay(ctx, d, w.chance.hit(d.name+" second thoughts", 300))
	}
	w.night(ctx)
	time.Sleep(calm / 2)
	w.settle()
	time.Sleep(calm / 8)
	for _, d := range w.desks {
		w.compare(ctx, d)
		if w.chance.hit(d.name+" tidies up", 700) {
			w.adopt(ctx, d, 1)
		}
		w.closeDay(ctx, d, false)
	}
	w.check(ctx)
	return w.close()
}

// calm is how long everything is left alone: myPOS tries to post a rollback for
// less, and a desk asks about everything it is not sure of.
const calm = 4 * time.Minute

// open builds the world: myPOS, a relay, and desks that are paired with it.
func (w *world) open(ctx context.Context, keys []byte) (err error) {
	file := filepath.Join(w.root, "mypos.jsonl")
	if err := os.WriteFile(file+".keys", keys, 0o600); err != nil {
		return err
	}
	if w.mypos, err = w.openMyPOS(file); err != nil {
		return err
	}
	pack, err := w.mypos.Pack()
	if err != nil {
		return err
	}
	if w.store, err = checkout.ParsePack(pack); err != nil {
		return err
	}
	for _, name := range append(accountHosts(), myposHost) {
		w.net.put(name, &host{handler: w.mypos.Handler(), dead: make(chan struct{})})
	}
	w.relay = &relayRun{net: w.net, trace: w.trace, root: w.root}
	if err := w.relay.open(ctx); err != nil {
		return err
	}
	for n := range w.plan.desks {
		d := &desk{world: w, name: "desk" + strconv.Itoa(n+1), address: fmt.Sprintf("198.51.100.%d:50000", n+1), wall: newWall()}
		if d.stand, err = w.openStand(d, n); err != nil {
			return err
		}
		if err := w.addDesk(ctx, d); err != nil {
			return err
		}
	}
	time.Sleep(10 * time.Second) // the way through the relay is proven
	return nil
}

func (w *world) addDesk(ctx context.Context, d *desk) error {
	store := ""
	if len(w.desks) > 0 {
		store = w.desks[0].paired.Store
	}
	code, err := w.relay.code(ctx, store)
	if err != nil {
		return err
	}
	if err := d.pair(ctx, code.Text); err != nil {
		return err
	}
	w.desks = append(w.desks, d)
	return d.open(ctx)
}

func (w *world) openMyPOS(file string) (*simulator.Simulator, error) {
	s, err := simulator.Open(simulator.Config{
		StateFile: file, Now: time.Now, Entropy: rand.Reader,
		HTTP:           &http.Client{Transport: &caller{net: w.net, name: "mypos", address: "203.0.113.7:443", fates: w.plan.mypos}},
		RollbackPauses: []time.Duration{time.Second, 5 * time.Second, 20 * time.Second, 40 * time.Second, 80 * time.Second},
		Log:            w.log("mypos"),
	})
	if err != nil {
		return nil, err
	}
	return s, s.SetFaults(w.plan.tricks...)
}

// repair ends everything that is out of order.
func (w *world) repair(ctx context.Context) {
	if err := w.relay.open(ctx); err != nil && !errors.Is(err, errOpen) {
		w.fail("the relay does not open: %v", err)
	}
	for _, d := range w.desks {
		d.wall.wake()
		d.wall.set(0)
		d.fill(false)
		if err := d.stand.calm(); err != nil {
			w.fail("%v", err)
		}
	}
	if err := w.mypos.SetFaults(); err != nil {
		w.fail("%v", err)
	}
}

// night closes desks and relay for more than a day, and opens them again.
func (w *world) night(ctx context.Context) {
	w.stop()
	time.Sleep(26 * time.Hour)
	if err := w.relay.open(ctx); err != nil {
		w.fail("the relay does not open: %v", err)
		return
	}
	for _, d := range w.desks {
		if err := d.reopen(ctx); err != nil {
			w.fail("%s does not open: %v", d.name, err)
		}
	}
	w.trace.add("the next morning")
}

func (w *world) stop() {
	for _, d := range w.desks {
		d.shut()
	}
	if w.relay == nil {
		return
	}
	if err := w.relay.stop(false); err != nil {
		w.fail("the relay: %v", err)
	}
}

// close ends everything and waits for it.
func (w *world) close() error {
	w.stop()
	var err error
	if w.mypos != nil {
		err = w.mypos.Close()
	}
	w.net.jobs.Wait()
	return err
}
