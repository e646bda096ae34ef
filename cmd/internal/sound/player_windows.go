package sound

import (
	"sync"
	"unsafe"

	"golang.org/x/sys/windows"
)

// Player plays sounds.
type Player struct {
	mu   sync.Mutex
	play *windows.LazyProc
	wav  []byte // must stay while it is heard
}

// New finds the system's own player.
func New(Config) *Player {
	return &Player{play: windows.NewLazySystemDLL("winmm.dll").NewProc("PlaySoundW")}
}

// Play plays the bytes of a WAV file.
func (p *Player) Play(wav []byte) {
	if len(wav) == 0 || p.play.Find() != nil {
		return
	}
	const async, noDefault, memory = 0x1, 0x2, 0x4
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stop()
	p.wav = wav
	_, _, _ = p.play.Call(uintptr(unsafe.Pointer(&p.wav[0])), 0, async|noDefault|memory)
}

// stop ends what is heard, so that its bytes may go.
func (p *Player) stop() { _, _, _ = p.play.Call(0, 0, 0) }

// Close ends what is heard.
func (p *Player) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.wav != nil {
		p.stop()
	}
}
