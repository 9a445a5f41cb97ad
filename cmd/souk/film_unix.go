//go:build unix

package main

import (
	"os/exec"
	"syscall"
)

// apart gives a program a process group of its own: an interrupt typed at the
// terminal reaches us alone.
func apart(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }
