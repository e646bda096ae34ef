package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// copies is how many files of one name are kept beside each other.
const copies = 1000

// saver writes files into a folder: never over one that is there, and whole or
// not at all.
func saver(folder string) func(name string, write func(io.Writer) error) (string, error) {
	return func(name string, write func(io.Writer) error) (string, error) {
		f, err := create(folder, name)
		if err != nil {
			return "", err
		}
		err = errors.Join(write(f), f.Close())
		if err != nil {
			return "", errors.Join(err, os.Remove(f.Name()))
		}
		return f.Name(), nil
	}
}

// create makes a file that was not there: "day.csv", "day (2).csv"...
func create(folder, name string) (*os.File, error) {
	ext := filepath.Ext(name)
	stem := strings.TrimSuffix(name, ext)
	for n := 1; n < copies; n++ {
		path := filepath.Join(folder, name)
		if n > 1 {
			path = filepath.Join(folder, fmt.Sprintf("%s (%d)%s", stem, n, ext))
		}
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
	return nil, fs.ErrExist
}
