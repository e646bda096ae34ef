//go:build !windows

package runner

import "os/exec"

func hide(*exec.Cmd) {}
