package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"unicode/utf8"

	"frontdesk/payments/terminal"
)

func ippCommand(p *program, _ *flag.FlagSet) action {
	return func(_ context.Context, args []string) error {
		if err := exactly(args, 1, "one word: decode; the raw bytes come from stdin"); err != nil {
			return err
		}
		if args[0] != "decode" {
			return usageError("ipp takes the word decode")
		}
		return p.decode(terminal.NewReader(p.in))
	}
}

// decode prints one object per frame until the stream ends. A frame that is not
// made of fields is said so and the next one is read; it makes the run fail too.
func (p *program) decode(frames *terminal.Reader) error {
	wrong := false
	for n := 1; ; n++ {
		f, err := frames.Next()
		switch {
		case errors.Is(err, terminal.ErrFrame):
			p.say(fmt.Sprintf("frontdeskctl: frame %d: %v", n, err))
			wrong = true
			continue
		case err == io.EOF && !wrong:
			return nil
		case err == io.EOF:
			return exitCode(exitNo)
		case errors.Is(err, io.ErrUnexpectedEOF):
			p.say(fmt.Sprintf("frontdeskctl: frame %d is cut", n))
			return exitCode(exitNo)
		case err != nil:
			p.say(fmt.Sprintf("frontdeskctl: frame %d: %v", n, err))
			return exitCode(exitNo)
		}
		if err := p.frame(f); err != nil {
			return err
		}
	}
}

// frame prints a frame as {"fields":[[name,value]]} in the order of the wire.
// Values that are bytes, and texts that are not UTF-8, are written as hex.
func (p *program) frame(f terminal.Frame) error {
	fields := make([][2]string, len(f))
	for i, field := range f {
		value := string(field.Value)
		if terminal.Binary(field.Name) || !utf8.Valid(field.Value) {
			value = hex.EncodeToString(field.Value)
		}
		fields[i] = [2]string{field.Name, value}
	}
	var line bytes.Buffer
	enc := json.NewEncoder(&line)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(struct {
		Fields [][2]string `json:"fields"`
	}{fields}); err != nil {
		return err
	}
	_, err := p.out.Write(line.Bytes())
	return err
}
