package record_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"

	"go.uber.org/goleak"

	"souk/attention/record"
)

func TestMain(m *testing.M) {
	if path := os.Getenv("SOUK_RECORD_AND_DIE"); path != "" {
		recordAndDie(path)
	}
	goleak.VerifyTestMain(m)
}

const killedFrames = 600 // 10 s

// recordAndDie is a process that is killed in the middle of a session.
func recordAndDie(path string) {
	w, err := record.Create(path, header())
	if err != nil {
		panic(err)
	}
	entries := session(killedFrames, 10, 9)
	for i := range entries {
		if err := w.Write(&entries[i].Frame, &entries[i].Decision); err != nil {
			panic(err)
		}
		for w.Queued() > 0 { // at 60 Hz the queue is all but empty
			runtime.Gosched()
		}
	}
	if err := syscall.Kill(os.Getpid(), syscall.SIGKILL); err != nil {
		panic(err)
	}
	select {}
}

func TestAKilledProcessLosesAtMostTwoSeconds(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "killed.mcap")
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), "SOUK_RECORD_AND_DIE="+path)
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		t.Fatalf("%v\n%s", err, out)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	n, truncated, err := prefix(t, data, encodeAll(t, session(killedFrames, 10, 9)))
	if err != nil || !truncated || n < killedFrames-120 {
		t.Errorf("%d of %d frames, truncated %v, %v; want all but 2 s", n, killedFrames, truncated, err)
	}
}

// badDisk is a disk that is slow, full, or both.
type badDisk struct {
	gate    chan struct{} // each write takes one from here; nil: none waits
	room    int           // bytes until it is full
	written int
}

var errFull = errors.New("no space left on device")

func (d *badDisk) Write(p []byte) (int, error) {
	if d.gate != nil && d.written > 4096 {
		<-d.gate
	}
	if d.written+len(p) > d.room {
		return 0, errFull
	}
	d.written += len(p)
	return len(p), nil
}
func (d *badDisk) Sync() error  { return nil }
func (d *badDisk) Close() error { return nil }

func TestAFullDiskIsSaidAndNeverHangs(t *testing.T) {
	w, err := record.NewWriterOn(&badDisk{room: 50_000}, header())
	if err != nil {
		t.Fatal(err)
	}
	entries := session(1500, 10, 10)
	for i := range entries {
		if err = w.Write(&entries[i].Frame, &entries[i].Decision); err != nil {
			break
		}
	}
	if closed := w.Close(); !errors.Is(closed, errFull) || err != nil && !errors.Is(err, errFull) {
		t.Errorf("Write: %v; Close: %v; want both to say %v", err, closed, errFull)
	}
}

func TestASlowDiskBlocksRatherThanLoses(t *testing.T) {
	disk := &badDisk{room: 1 << 30, gate: make(chan struct{})}
	w, err := record.NewWriterOn(disk, header())
	if err != nil {
		t.Fatal(err)
	}
	entries := session(900, 4, 11)
	wrote := make(chan error)
	go func() {
		for i := range entries {
			if err := w.Write(&entries[i].Frame, &entries[i].Decision); err != nil {
				wrote <- err
				return
			}
		}
		wrote <- nil
	}()
	for w.Blocked() == 0 { // the disk takes nothing until the queue is full
		runtime.Gosched()
	}
	close(disk.gate)
	if err := <-wrote; err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if w.Blocked() == 0 {
		t.Error("Blocked counts nothing")
	}
}

func TestCopyingAFrameAllocatesNothing(t *testing.T) {
	copyEntry := record.EntryCopier()
	entries := session(8, 150, 12)
	for i := range entries {
		copyEntry(&entries[i])
	}
	i := 0
	if n := testing.AllocsPerRun(100, func() { copyEntry(&entries[i%len(entries)]); i++ }); n != 0 {
		t.Errorf("%v allocations for each frame", n)
	}
}
