package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"os"
	"path/filepath"

	"souk/attention"
)

// A profile is what Souk has learned of a visitor: the engine's snapshot, with
// the moment of the session's clock that it was taken at.
//
// File: magic, version (u32), clock (f64), length (u64), snapshot, CRC-32C of
// all before; little endian.
const (
	profileMagic   = "SOUKPROF"
	profileVersion = 1
	profileHead    = 8 + 4 + 8 + 8
)

// profilePath is the file of a market's profile: each catalogue, plan, model
// and ranker has its own, for a taste in one is nothing in another.
func profilePath(place, market string) string {
	return filepath.Join(place, fmt.Sprintf("profile-%08x.souk", crc32.ChecksumIEEE([]byte(market))))
}

// encodeProfile writes a profile.
func encodeProfile(clock float64, snapshot []byte) []byte {
	b := make([]byte, 0, profileHead+len(snapshot)+4)
	b = append(b, profileMagic...)
	b = binary.LittleEndian.AppendUint32(b, profileVersion)
	b = binary.LittleEndian.AppendUint64(b, math.Float64bits(clock))
	b = binary.LittleEndian.AppendUint64(b, uint64(len(snapshot)))
	b = append(b, snapshot...)
	return binary.LittleEndian.AppendUint32(b, crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli)))
}

// decodeProfile is the inverse of encodeProfile.
func decodeProfile(b []byte) (clock float64, snapshot []byte, err error) {
	if len(b) < profileHead+4 || !bytes.HasPrefix(b, []byte(profileMagic)) {
		return 0, nil, errors.New("it is no profile, or ends early")
	}
	if v := binary.LittleEndian.Uint32(b[8:]); v != profileVersion {
		return 0, nil, fmt.Errorf("it is of version %d, this program reads %d", v, profileVersion)
	}
	body, sum := b[:len(b)-4], binary.LittleEndian.Uint32(b[len(b)-4:])
	if crc32.Checksum(body, crc32.MakeTable(crc32.Castagnoli)) != sum || binary.LittleEndian.Uint64(b[20:]) != uint64(len(body)-profileHead) {
		return 0, nil, errors.New("its checksum is wrong")
	}
	clock = math.Float64frombits(binary.LittleEndian.Uint64(b[12:]))
	if !(clock >= 0) || math.IsInf(clock, 0) {
		return 0, nil, errors.New("its clock is no time")
	}
	return clock, body[profileHead:], nil
}

// restoreProfile restores the engine from a file. Where there is none the
// clock is 0. A damaged file, or one of another market, is kept aside, and
// said to be in note.
func restoreProfile(path string, e *attention.Engine) (clock float64, snapshot []byte, note string) {
	b, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil, ""
	}
	if err == nil {
		if clock, snapshot, err = decodeProfile(b); err == nil {
			err = e.Restore(snapshot)
		}
	}
	if err != nil {
		return 0, nil, fmt.Sprintf("What Souk knew of you in %s cannot be used (%v); %s, and you are new here.", path, err, aside(path))
	}
	return clock, snapshot, ""
}

// keep writes the profile once a minute on another goroutine, or now.
func (s *session) keep(now bool) error {
	if s.profile == "" || !s.tier.Learns() || s.engine == nil {
		return nil
	}
	if s.saving != nil && !now {
		select {
		case err := <-s.saving:
			s.saving = nil
			if err != nil {
				s.say("What Souk learned could not be kept: %v.", err)
			}
		default:
		}
	}
	if now && s.saving != nil {
		<-s.saving
		s.saving = nil
	}
	if !now && (s.saving != nil || s.t-s.savedT < saveEvery) {
		return nil
	}
	s.savedT = s.t
	b := encodeProfile(s.t, s.engine.Snapshot())
	if now {
		if err := writeWhole(s.profile, b); err != nil {
			return fmt.Errorf("keeping what Souk learned in %s: %w", s.profile, err)
		}
		return nil
	}
	done := make(chan error, 1)
	s.saving = done
	go func() { done <- writeWhole(s.profile, b) }()
	return nil
}

// forgetProfile removes what was kept of the visitor.
func (s *session) forgetProfile() error {
	if s.saving != nil {
		<-s.saving
		s.saving = nil
	}
	if s.profile == "" {
		return nil
	}
	if err := os.Remove(s.profile); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("removing what Souk learned, %s: %w", s.profile, err)
	}
	return nil
}
