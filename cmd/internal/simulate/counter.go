package simulate

import "sync"

// Figures are what one or several days came to.
type Figures struct {
	Seeds   int `json:"seeds"`
	Charges int `json:"charges"`
	Refunds int `json:"refunds"`
	Faults  int `json:"faults"`
	Crashes int `json:"crashes"`
	Failed  int `json:"failed"`
}

// Add adds the figures of other days.
func (f *Figures) Add(g Figures) {
	f.Seeds += g.Seeds
	f.Charges += g.Charges
	f.Refunds += g.Refunds
	f.Faults += g.Faults
	f.Crashes += g.Crashes
	f.Failed += g.Failed
}

type counter struct {
	mu sync.Mutex
	Figures
}

func (c *counter) fault()  { c.add(func(f *Figures) { f.Faults++ }) }
func (c *counter) crash()  { c.add(func(f *Figures) { f.Crashes++; f.Faults++ }) }
func (c *counter) charge() { c.add(func(f *Figures) { f.Charges++ }) }
func (c *counter) refund() { c.add(func(f *Figures) { f.Refunds++ }) }

func (c *counter) add(f func(*Figures)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f(&c.Figures)
}
