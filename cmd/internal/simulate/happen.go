package simulate

import (
	"strconv"
	"sync"
	"time"
)

// happen is the day: stories of customers and their operators, and what happens
// to the machines meanwhile.
func (w *world) happen() {
	var all sync.WaitGroup
	for n := range w.plan.stories {
		all.Go(func() {
			name := "story" + strconv.Itoa(n+1)
			d := &dice{chance: w.chance, name: name}
			time.Sleep(d.between(0, w.plan.open-4*time.Minute))
			s := &story{world: w, dice: d, name: name, number: n, desk: w.desks[d.number(len(w.desks))]}
			s.tell()
		})
	}
	end := time.Now().Add(w.plan.open)
	for i, d := range w.desks {
		all.Go(func() { w.misfortune(d, &dice{chance: w.chance, name: "misfortune" + strconv.Itoa(i)}, end) })
	}
	for i, d := range w.desks {
		all.Go(func() { w.curious(d, &dice{chance: w.chance, name: "curious" + strconv.Itoa(i)}, end) })
		all.Go(func() { w.types(d, &dice{chance: w.chance, name: "typed" + strconv.Itoa(i)}, end) })
	}
	all.Go(func() { w.relayMisfortune(&dice{chance: w.chance, name: "relay"}, end) })
	all.Wait()
}

// misfortune is what befalls a computer beside its requests and commits.
func (w *world) misfortune(d *desk, dice *dice, end time.Time) {
	for {
		time.Sleep(dice.between(20*time.Second, 6*time.Minute))
		if time.Now().After(end) {
			return
		}
		w.count.fault()
		switch dice.number(6) {
		case 5:
			w.closeDay(w.ctx(), d, dice.hit(500))
		case 0:
			d.pull("pulled plug")
		case 1:
			d.fill(true)
			time.Sleep(dice.between(time.Second, 40*time.Second))
			d.fill(false)
		case 2:
			w.trace.add("%s: asleep", d.name)
			d.wall.sleep()
			time.Sleep(dice.between(5*time.Second, 3*time.Minute))
			d.wall.wake()
			w.trace.add("%s: awake", d.name)
		case 3:
			off := dice.between(-20*time.Second, 20*time.Second)
			if dice.hit(300) {
				off = dice.between(-2*time.Hour, 2*time.Hour)
			}
			d.wall.set(off)
			w.trace.add("%s: clock off by %v", d.name, off)
			time.Sleep(dice.between(10*time.Second, 2*time.Minute))
			d.wall.set(0)
			w.trace.add("%s: clock set right", d.name)
		case 4:
			d.fill(true)
			time.Sleep(dice.between(time.Second, 5*time.Second))
			d.pull("pulled plug with a full disk")
			d.fill(false)
		}
	}
}

// relayMisfortune is what befalls the relay.
func (w *world) relayMisfortune(dice *dice, end time.Time) {
	for {
		time.Sleep(dice.between(time.Minute, 15*time.Minute))
		if time.Now().After(end) {
			return
		}
		crash := dice.hit(700)
		w.trace.add("relay: stops, crash %v", crash)
		w.count.crash()
		if err := w.relay.stop(crash); err != nil {
			w.fail("relay: %v", err)
		}
		time.Sleep(dice.between(time.Second, time.Minute))
		if err := w.relay.open(w.ctx()); err != nil {
			w.fail("relay: %v", err)
		}
		w.trace.add("relay: runs again")
	}
}
