package client

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"

	"souk/world/wire"
)

// The outbox is one file: a header of 8 bytes, then records, oldest first.
//
//	length   uint32 little endian, of the payload
//	checksum uint32 little endian, CRC-32C of the length's 4 bytes and the payload
//	payload  kind (1 byte), then the protobuf message of that kind
//
// Records are added at the end and forced to disk; nothing in the middle ever changes.
// When all of it has been acknowledged, the file is cut back to its header;
// when the acknowledged front is long, the rest is written anew under another name, and renamed.
const outboxMagic = "SOUKOUT1"

const recordHeader = 8

// kind is what a record holds.
type kind byte

const (
	kindEvent    kind = 1 // wire.Event
	kindPurchase kind = 2 // wire.Purchase
	kindCart     kind = 3 // wire.CartSet
)

// record is one entry of the outbox.
type record struct {
	kind kind
	body []byte // the encoded message
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// appendRecord appends a record's bytes.
func appendRecord(dst []byte, r record) []byte {
	n := len(dst)
	dst = binary.LittleEndian.AppendUint32(dst, uint32(1+len(r.body)))
	dst = append(dst, 0, 0, 0, 0, byte(r.kind))
	dst = append(dst, r.body...)
	sum := crc32.Update(crc32.Checksum(dst[n:n+4], castagnoli), castagnoli, dst[n+recordHeader:])
	binary.LittleEndian.PutUint32(dst[n+4:], sum)
	return dst
}

// errForeign is the fault of a file that is no outbox at all.
var errForeign = errors.New("it does not begin as an outbox does")

// readRecords reads an outbox up to its end or to the first record that is
// cut short or damaged. good is the length of the sound front. The error is
// errForeign, or one of the reader's own other than the end.
func readRecords(r io.Reader, f func(record)) (good int64, err error) {
	b := bufio.NewReader(r)
	head := make([]byte, recordHeader)
	if n, err := io.ReadFull(b, head); err != nil {
		if n > 0 && string(head[:n]) != outboxMagic[:n] {
			return 0, errForeign
		}
		return 0, endIsNone(err)
	}
	if string(head) != outboxMagic {
		return 0, errForeign
	}
	good = int64(len(head))
	for {
		if _, err := io.ReadFull(b, head); err != nil {
			return good, endIsNone(err)
		}
		n := binary.LittleEndian.Uint32(head)
		if n == 0 || n > wire.MaxMessage {
			return good, nil
		}
		payload := make([]byte, n)
		if _, err := io.ReadFull(b, payload); err != nil {
			return good, endIsNone(err)
		}
		sum := crc32.Update(crc32.Checksum(head[:4], castagnoli), castagnoli, payload)
		if sum != binary.LittleEndian.Uint32(head[4:]) {
			return good, nil
		}
		f(record{kind: kind(payload[0]), body: payload[1:]})
		good += recordHeader + int64(n)
	}
}

func endIsNone(err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return nil
	}
	return err
}

// outboxFile is the open file. It belongs to one goroutine.
type outboxFile struct {
	path string
	f    *os.File
	size int64  // length of the sound file
	buf  []byte // of append, kept
}

// openOutbox opens or begins the file and calls found for each record in it.
// A torn or damaged tail is copied to path.cut-N and cut off: kept says where it went.
func openOutbox(path string, found func(record)) (o *outboxFile, kept string, err error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, "", fmt.Errorf("opening the outbox: %w", err)
	}
	o = &outboxFile{path: path, f: f}
	defer func() {
		if err != nil {
			f.Close()
		}
	}()
	if o.size, err = readRecords(f, found); err != nil {
		return nil, "", fmt.Errorf("the outbox %s cannot be read (%w): move the file away and start again; what it holds was not sent yet", path, err)
	}
	end, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, "", fmt.Errorf("reading the outbox %s: %w", path, err)
	}
	if end > o.size && o.size > 0 {
		if kept, err = keepTail(path, f, o.size, end); err != nil {
			return nil, "", err
		}
	}
	if o.size == 0 {
		if _, err = f.WriteAt([]byte(outboxMagic), 0); err != nil {
			return nil, "", fmt.Errorf("beginning the outbox %s: %w", path, err)
		}
		o.size = int64(len(outboxMagic))
	}
	if err = f.Truncate(o.size); err == nil {
		err = f.Sync()
	}
	if err == nil {
		err = syncDir(filepath.Dir(path))
	}
	if err != nil {
		return nil, "", fmt.Errorf("preparing the outbox %s: %w", path, err)
	}
	return o, kept, nil
}

// keepTail copies what openOutbox will cut off to a file of its own.
func keepTail(path string, f *os.File, from, to int64) (string, error) {
	for n := 1; ; n++ {
		kept := fmt.Sprintf("%s.cut-%d", path, n)
		w, err := os.OpenFile(kept, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, os.ErrExist) {
			continue
		}
		if err == nil {
			_, err = io.Copy(w, io.NewSectionReader(f, from, to-from))
			err = errors.Join(err, w.Sync(), w.Close())
		}
		if err != nil {
			return "", fmt.Errorf("keeping the damaged tail of the outbox %s: %w", path, err)
		}
		return kept, nil
	}
}

// append adds records at the end and returns when they are on disk. After an
// error none of them counts: the file is cut back, and the call can be made again.
func (o *outboxFile) append(records []record) error {
	o.buf = o.buf[:0]
	for _, r := range records {
		o.buf = appendRecord(o.buf, r)
	}
	_, err := o.f.WriteAt(o.buf, o.size)
	if err == nil {
		err = o.f.Sync()
	}
	if err != nil {
		o.f.Truncate(o.size) // if this fails too, the next append overwrites
		return fmt.Errorf("writing to the outbox %s: %w", o.path, err)
	}
	o.size += int64(len(o.buf))
	return nil
}

// reset forgets everything: all of it was acknowledged. It need not be on
// disk: records that come back are sent again, and the server knows their ids.
func (o *outboxFile) reset() error {
	if err := o.f.Truncate(int64(len(outboxMagic))); err != nil {
		return fmt.Errorf("cutting the outbox %s: %w", o.path, err)
	}
	o.size = int64(len(outboxMagic))
	return nil
}

// rewrite replaces the file by one that holds the records alone.
func (o *outboxFile) rewrite(records []record) error {
	tmp := o.path + ".new"
	f, err := os.OpenFile(tmp, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("compacting the outbox: %w", err)
	}
	b := []byte(outboxMagic)
	for _, r := range records {
		b = appendRecord(b, r)
	}
	_, err = f.Write(b)
	if err == nil {
		err = f.Sync()
	}
	if err == nil {
		err = os.Rename(tmp, o.path)
	}
	if err != nil {
		f.Close()
		os.Remove(tmp)
		return fmt.Errorf("compacting the outbox %s: %w", o.path, err)
	}
	o.f.Close()
	o.f, o.size = f, int64(len(b))
	return syncDir(filepath.Dir(o.path))
}

func (o *outboxFile) close() error { return o.f.Close() }

// syncDir makes a new or renamed file's name durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) {
		return fmt.Errorf("syncing %s: %w", dir, err)
	}
	return nil
}
