package assets

import "embed"

//go:embed icons/*.svg
var icons embed.FS

//go:embed fonts/*.otf fonts/*.ttf fonts/OFL.txt
var fonts embed.FS

//go:embed art/*.svg
var art embed.FS

//go:embed sounds/*.wav
var sounds embed.FS

//go:embed tokens.json
var tokens []byte

//go:embed sandbox/pack.txt
var sandboxPack []byte

// Icon returns an icon as SVG: one filled black path on a 24 grid. The name
// has no folder and no ending, e.g. "check".
func Icon(name string) ([]byte, error) { return icons.ReadFile("icons/" + name + ".svg") }

// Font returns a font file by its name with ending, e.g.
// "FrontdeskText-Regular.otf" for the screen, "FrontdeskText-Regular.ttf" (the
// same letters in TrueType outlines) for paper, or the licence "OFL.txt".
func Font(name string) ([]byte, error) { return fonts.ReadFile("fonts/" + name) }

// Art returns a coloured drawing as SVG: "app-icon", "terminal" or "welcome".
func Art(name string) ([]byte, error) { return art.ReadFile("art/" + name + ".svg") }

// Sound returns a sound as a WAV file: "paid" or "alarm".
func Sound(name string) ([]byte, error) { return sounds.ReadFile("sounds/" + name + ".wav") }

// Tokens returns the numbers of the look as JSON: colours by theme, type
// styles, sizes, radii, shadows.
func Tokens() []byte { return append([]byte(nil), tokens...) }

// SandboxPack returns the public configuration pack of the myPOS sandbox
// store; Test mode works with it out of the box.
func SandboxPack() []byte { return append([]byte(nil), sandboxPack...) }
