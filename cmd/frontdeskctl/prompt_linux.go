package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// prompter asks at the terminal without showing what is typed; nil when in is
// no terminal.
func prompter(in, out *os.File) func(question string) (string, error) {
	fd := int(in.Fd())
	if _, err := unix.IoctlGetTermios(fd, unix.TCGETS); err != nil {
		return nil
	}
	return func(question string) (answer string, err error) {
		fmt.Fprint(out, question)
		shown, err := unix.IoctlGetTermios(fd, unix.TCGETS)
		if err != nil {
			return "", err
		}
		hidden := *shown
		hidden.Lflag &^= unix.ECHO
		if err := unix.IoctlSetTermios(fd, unix.TCSETS, &hidden); err != nil {
			return "", err
		}
		defer func() {
			fmt.Fprintln(out)
			err = errors.Join(err, unix.IoctlSetTermios(fd, unix.TCSETS, shown))
		}()
		line, err := bufio.NewReader(in).ReadString('\n')
		return strings.TrimRight(line, "\r\n"), err
	}
}
