package record

import (
	"encoding/json"
	"fmt"
	"hash/crc32"
	"sort"
	"strconv"
	"strings"
)

// formatVersion is of the file's layout; a reader accepts its own alone.
const formatVersion = "1"

// Header says what a session was run with: enough to run it again. It holds
// no name of a person, and no visitor's pseudonym.
type Header struct {
	Session string  // id of the session, random, made for this recording alone
	Started float64 // seconds since the Unix epoch at session time 0; 0 where unknown
	Build   string  // version of the program: the same bytes are promised for the same build

	Catalogue            string // what catalog.Open takes: "demo:seed=1,items=2000" or a path
	CatalogueFingerprint string
	PlanSeed             uint64
	PlanFingerprint      string

	Model            string // where the model is: "demo" (the one that comes with Souk) or a path; empty for none
	ModelFingerprint string // SHA-256 of its file, hex; empty for none

	Policy       string // "ranker", "popularity", "random", "none"
	PolicyConfig json.RawMessage
	PolicySeed   uint64
	Config       json.RawMessage // attention.Config
	Seed         uint64          // of the engine

	// Snapshot is the state that the engine was restored from before the first
	// frame; empty for an unknown visitor.
	Snapshot []byte
	// Items are the ids of the catalogue's items in their order, so that a
	// recording can be read without the catalogue; may be empty.
	Items []string
}

// Names inside the file.
const (
	metadataName       = "souk.session"
	attachmentSnapshot = "snapshot"
	attachmentItems    = "items"
	topicFrame         = "souk/frame"
	topicDecision      = "souk/decision"
)

// fields is the header as the metadata record of the file, with a checksum:
// MCAP has none over metadata until the file is closed.
func (h *Header) fields() map[string]string {
	m := map[string]string{
		"format":                formatVersion,
		"session":               h.Session,
		"started":               strconv.FormatFloat(h.Started, 'g', -1, 64),
		"build":                 h.Build,
		"catalogue":             h.Catalogue,
		"catalogue_fingerprint": h.CatalogueFingerprint,
		"plan_seed":             strconv.FormatUint(h.PlanSeed, 10),
		"plan_fingerprint":      h.PlanFingerprint,
		"model":                 h.Model,
		"model_fingerprint":     h.ModelFingerprint,
		"policy":                h.Policy,
		"policy_config":         string(h.PolicyConfig),
		"policy_seed":           strconv.FormatUint(h.PolicySeed, 10),
		"config":                string(h.Config),
		"seed":                  strconv.FormatUint(h.Seed, 10),
	}
	m["sum"] = checksum(m)
	return m
}

// checksum of all fields but "sum", in the order of their names.
func checksum(m map[string]string) string {
	keys := make([]string, 0, len(m))
	for k := range m {
		if k != "sum" {
			keys = append(keys, k)
		}
	}
	sort.Strings(keys)
	h := crc32.NewIEEE()
	for _, k := range keys {
		fmt.Fprintf(h, "%d:%s=%d:%s;", len(k), k, len(m[k]), m[k])
	}
	return strconv.FormatUint(uint64(h.Sum32()), 16)
}

// setFields is the inverse of fields.
func (h *Header) setFields(m map[string]string) error {
	if f := m["format"]; f != formatVersion {
		return fmt.Errorf("the recording is of format %q, this program reads %q; replay it with the build that made it (%s)", f, formatVersion, m["build"])
	}
	if m["sum"] != checksum(m) {
		return fmt.Errorf("the recording's header is damaged: its checksum does not fit; recover the file from a copy")
	}
	var err error
	number := func(key string) uint64 {
		v, e := strconv.ParseUint(m[key], 10, 64)
		if e != nil && err == nil {
			err = fmt.Errorf("the recording's header has %s %q, which is no number; it was not made by Souk", key, m[key])
		}
		return v
	}
	h.Session, h.Build = m["session"], m["build"]
	if h.Started, err = strconv.ParseFloat(m["started"], 64); err != nil {
		return fmt.Errorf("the recording's header has started %q, which is no number; it was not made by Souk", m["started"])
	}
	h.Catalogue, h.CatalogueFingerprint = m["catalogue"], m["catalogue_fingerprint"]
	h.PlanSeed, h.PlanFingerprint = number("plan_seed"), m["plan_fingerprint"]
	h.Model, h.ModelFingerprint = m["model"], m["model_fingerprint"]
	h.Policy, h.PolicySeed, h.Seed = m["policy"], number("policy_seed"), number("seed")
	h.PolicyConfig, h.Config = rawJSON(m["policy_config"]), rawJSON(m["config"])
	return err
}

func rawJSON(s string) json.RawMessage {
	if s == "" {
		return nil
	}
	return json.RawMessage(s)
}

// check refuses what could not be read back.
func (h *Header) check() error {
	for _, c := range []struct {
		name string
		v    json.RawMessage
	}{{"Config", h.Config}, {"PolicyConfig", h.PolicyConfig}} {
		if len(c.v) > 0 && !json.Valid(c.v) {
			return fmt.Errorf("header: %s is not JSON", c.name)
		}
	}
	for _, id := range h.Items {
		if strings.ContainsAny(id, "\n\r") {
			return fmt.Errorf("header: item id %q has a line break in it", id)
		}
	}
	return nil
}
