package simulate

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// The campaign is told by the environment, as `make simulate` sets it: how many
// seeds, from which, with which bug planted.
const (
	envSeeds = "FRONTDESK_SEEDS"
	envFirst = "FRONTDESK_FIRST"
	envPlant = "FRONTDESK_PLANT"
	envTrace = "FRONTDESK_TRACE" // a folder that takes the trace of each seed
	envLoud  = "FRONTDESK_LOUD"  // any text: with every request in it
	envChild = "FRONTDESK_SEED_LIST"
)

func number(t *testing.T, name string, otherwise int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// told is a line of a child: one seed.
type told struct {
	Seed     uint64   `json:"seed"`
	Hash     string   `json:"hash"`
	Figures  Figures  `json:"figures"`
	Problems []string `json:"problems,omitempty"`
	Trace    string   `json:"trace,omitempty"` // of a failed seed
}

// TestSimulate plays seeds, 10 when the environment names no others, each in a
// process that has one processor.
func TestSimulate(t *testing.T) {
	seeds, first := number(t, envSeeds, 10), number(t, envFirst, 1)
	sum := campaign(t, first, seeds, number(t, envPlant, 0), func(r told) {
		keep(t, r, seeds)
		if len(r.Problems) == 0 {
			return
		}
		t.Errorf("seed %d: %d problems, first of them: %s", r.Seed, len(r.Problems), r.Problems[0])
		fmt.Printf("seed %d failed:\n  %s\nreplay it with: make simulate SEEDS=1 FIRST=%d\n", r.Seed, strings.Join(r.Problems, "\n  "), r.Seed)
	})
	if sum.Seeds != seeds {
		t.Errorf("%d of %d seeds were played", sum.Seeds, seeds)
	}
	figures, err := json.Marshal(sum)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println(string(figures))
}

// keep shows what happened on a day that was asked for alone and failed, and keeps
// the trace of every day where a folder is given.
func keep(t *testing.T, r told, seeds int) {
	t.Helper()
	if dir := os.Getenv(envTrace); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("seed-%d.txt", r.Seed)), []byte(r.Trace), 0o600); err != nil {
			t.Error(err)
		}
	}
	if seeds == 1 && len(r.Problems) > 0 {
		fmt.Print(r.Trace)
	}
}

// TestSeedsThatOnceFailed plays days that have found a bug. 516 and 797: myPOS takes
// payments back whose refunds were lost on the way. 159: a terminal declines what was
// to replace a payment that was taken back. 17: terminals of two desks number their
// payments alike, and one desk added those of the other. 219: a link paid again after
// myPOS had taken the first payment back, and the second one went back as well. 677:
// a payment added while the clock of the desk was behind. 835: a payment that an
// operator calls not made, and that myPOS took and gave back.
func TestSeedsThatOnceFailed(t *testing.T) {
	for _, seed := range []int{17, 159, 219, 516, 677, 797, 835} {
		campaign(t, seed, 1, 0, func(r told) {
			if len(r.Problems) > 0 {
				t.Errorf("seed %d: %s", r.Seed, strings.Join(r.Problems, "; "))
			}
		})
	}
}

// TestSameSeedSameDay: two runs of a seed are the same, event by event.
func TestSameSeedSameDay(t *testing.T) {
	hashes := map[uint64]string{}
	for range 2 {
		campaign(t, 1, 2, 0, func(r told) {
			if was, again := hashes[r.Seed]; again && was != r.Hash {
				t.Errorf("seed %d: trace %s, before %s", r.Seed, r.Hash, was)
			}
			hashes[r.Seed] = r.Hash
		})
	}
	if len(hashes) != 2 || hashes[1] == hashes[2] {
		t.Errorf("hashes: %v", hashes)
	}
}

// TestPlantedBugIsFound: each bug that can be planted makes a day fail before long.
func TestPlantedBugIsFound(t *testing.T) {
	for bug := plant(1); bug < plants; bug++ {
		found := 0
		for first := 5; found == 0 && first < 25; first += 2 {
			found = campaign(t, first, 2, int(bug), func(told) {}).Failed
		}
		if found == 0 {
			t.Errorf("planted bug %d was not found in 20 days", bug)
		}
	}
}

// campaign plays seeds in child processes.
func campaign(t *testing.T, first, seeds, bug int, each func(told)) (sum Figures) {
	t.Helper()
	lists := make([][]string, min(runtime.NumCPU(), seeds))
	for n := range seeds {
		i := n % len(lists)
		lists[i] = append(lists[i], strconv.Itoa(first+n))
	}
	results := make(chan told)
	var children sync.WaitGroup
	for _, list := range lists {
		children.Go(func() {
			if err := child(strings.Join(list, " "), bug, results); err != nil {
				t.Error(err)
			}
		})
	}
	go func() { children.Wait(); close(results) }()
	for r := range results {
		sum.Add(r.Figures)
		each(r)
	}
	return sum
}

// child plays a list of seeds in a process of its own.
func child(list string, bug int, results chan<- told) error {
	cmd := exec.Command(os.Args[0], "-test.run=^TestChild$", "-test.timeout=0")
	cmd.Env = append(os.Environ(), envChild+"="+list, envPlant+"="+strconv.Itoa(bug), "GOMAXPROCS=1")
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 64<<20)
	var rest []string
	for lines.Scan() {
		var r told
		if json.Unmarshal(lines.Bytes(), &r) == nil && r.Hash != "" {
			results <- r
			continue
		}
		rest = append(rest, lines.Text())
	}
	if err := cmd.Wait(); err != nil {
		return fmt.Errorf("seeds %s: %w\n%s\n%s", list, err, strings.Join(rest, "\n"), complaints.String())
	}
	return lines.Err()
}

// TestChild plays the seeds the environment lists; by itself it does nothing.
func TestChild(t *testing.T) {
	list := strings.Fields(os.Getenv(envChild))
	if len(list) == 0 {
		t.Skip("a part of the other tests")
	}
	dir := workplace(t)
	shut, err := Park(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := shut(); err != nil {
			t.Error(err)
		}
	}()
	if err := os.Mkdir(filepath.Join(dir, "keys"), 0o700); err != nil {
		t.Fatal(err)
	}
	keys, err := MakeKeys(filepath.Join(dir, "keys"), Dawn)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range list {
		seed, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		playOne(t, Config{Seed: seed, Keys: keys, Dir: filepath.Join(dir, text), Plant: number(t, envPlant, 0), Loud: os.Getenv(envLoud) != ""})
	}
}

func playOne(t *testing.T, cfg Config) {
	t.Helper()
	if err := os.Mkdir(cfg.Dir, 0o700); err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	var r Result
	synctest.Test(t, func(*testing.T) { r = Run(cfg) })
	if testing.Verbose() {
		fmt.Fprintf(os.Stderr, "seed %d: %v\n", cfg.Seed, time.Since(begun))
	}
	line := told{Seed: cfg.Seed, Hash: r.Hash, Figures: r.Figures, Problems: r.Problems}
	if len(r.Problems) > 0 || os.Getenv(envTrace) != "" {
		line.Trace = r.Trace
	}
	text, err := json.Marshal(line)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println(string(text))
	if err := os.RemoveAll(cfg.Dir); err != nil {
		t.Fatal(err)
	}
}

// workplace is a folder in memory where there is one: a day is thousands of small
// writes, each made sure of.
func workplace(t *testing.T) string {
	t.Helper()
	if dir, err := os.MkdirTemp("/dev/shm", "frontdesk-simulate-"); err == nil {
		t.Cleanup(func() { _ = os.RemoveAll(dir) })
		return dir
	}
	return t.TempDir()
}
