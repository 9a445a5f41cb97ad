package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"souk/attention"
	"souk/attention/privacy"
	"souk/attention/record"
	"souk/cmd/internal/loop"
	"souk/input"
	"souk/input/look"
	"souk/scene/hud"
	"souk/scene/lettering"
	"souk/world"
)

// visitFor parses flags and opens a session without a window, with a folder of
// its own and a small market.
func visitFor(t testing.TB, data string, args ...string) (*session, *strings.Builder) {
	t.Helper()
	o, err := parse(append([]string{"-catalogue", "demo:seed=1,items=300", "-data", data}, args...), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	said := &strings.Builder{}
	s, err := openSession(context.Background(), o, func(format string, args ...any) { fmt.Fprintf(said, format+"\n", args...) })
	if err != nil {
		t.Fatal(err)
	}
	return s, said
}

// walk lives through seconds of a session.
func walk(t *testing.T, s *session, seconds float64) {
	t.Helper()
	for range int(seconds * 30) {
		if err := s.step(1.0 / 30); err != nil {
			t.Fatal(err)
		}
	}
}

// close1 closes a session.
func close1(t *testing.T, s *session) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// replay runs a recording again with what its header says.
func replay(t *testing.T, path string) record.Result {
	t.Helper()
	r, err := record.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	h := r.Header()
	m, err := loop.OpenMarket(h.Catalogue, h.PlanSeed, "")
	if err != nil {
		t.Fatal(err)
	}
	var cfg attention.Config
	if err := json.Unmarshal(h.Config, &cfg); err != nil {
		t.Fatal(err)
	}
	policy, err := loop.NewPolicy(h.Policy, m, h.PolicySeed)
	if err != nil {
		t.Fatal(err)
	}
	e, err := attention.New(cfg, m.Plan, policy, h.Seed)
	if err != nil {
		t.Fatal(err)
	}
	res, err := record.Replay(r, e, nil)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// A simulated shopper's visit closes the loop: looks become rankings, these
// placements; it is recorded, replays equal, and is reported.
func TestShopperClosesTheLoop(t *testing.T) {
	dir := t.TempDir()
	s, _ := visitFor(t, filepath.Join(dir, "data"), "-shopper", "-report", filepath.Join(dir, "report"))
	walk(t, s, 40)
	close1(t, s)
	f := s.figures()
	if f.Attended == 0 || f.Visits == 0 || f.Rankings == 0 || f.Placements == 0 || f.Walked < 1 {
		t.Errorf("nothing came of it: %+v", f)
	}
	if res := replay(t, s.recPath); res.Different != 0 || res.Frames != 1201 || res.Truncated {
		t.Errorf("replay: %+v", res)
	}
	paths, err := s.writeReport()
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(paths[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"simulated shopper", "Longest looked at", "What Souk thinks is liked", s.recPath} {
		if !strings.Contains(string(b), want) {
			t.Errorf("the report does not say %q", want)
		}
	}
}

// aim turns the head to an item and looks at it.
func aim(t *testing.T, s *session, seconds float64) world.ItemIndex {
	t.Helper()
	slot := s.market.Plan.Stalls[0].FirstSlot
	s.head = s.market.Plan.Approach(slot)
	s.yaw, s.pitch = s.head.YawPitch()
	walk(t, s, seconds)
	if s.lastItem == world.NoItem {
		t.Fatal("looking straight at an item attends to none")
	}
	return s.lastItem
}

// What was learned is there at the next visit, which goes on at the same clock
// and replays from it.
func TestProfileIsRestored(t *testing.T) {
	dir := t.TempDir()
	s, _ := visitFor(t, dir, "-consent", "local")
	item := aim(t, s, 2)
	s.act(world.EventLike, item)
	walk(t, s, 0.5)
	ended := s.t
	close1(t, s)

	s, said := visitFor(t, dir, "-consent", "local")
	if s.t < ended-1e-9 || !s.engine.Liked(item) {
		t.Errorf("clock %v after %v, liked %v; said %q", s.t, ended, s.engine.Liked(item), said)
	}
	aim(t, s, 2)
	path, profile := s.recPath, s.profile
	close1(t, s)
	if res := replay(t, path); res.Different != 0 || res.Frames == 0 {
		t.Errorf("replay of the second visit: %+v", res)
	}

	b, err := os.ReadFile(profile)
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)/2] ^= 1
	if err := os.WriteFile(profile, b, 0o600); err != nil {
		t.Fatal(err)
	}
	s, said = visitFor(t, dir, "-consent", "local")
	defer close1(t, s)
	if s.t != 0 || s.engine.Liked(item) || !strings.Contains(said.String(), "you are new here") {
		t.Errorf("a damaged profile was used, or nothing was said: %q", said)
	}
	if kept, _ := filepath.Glob(profile + ".damaged-*"); len(kept) != 1 {
		t.Errorf("kept aside: %v", kept)
	}
}

// Without consent nothing is learned, recorded or kept, and nothing about
// attention leaves.
func TestNoConsentNothingKept(t *testing.T) {
	dir := t.TempDir()
	s, _ := visitFor(t, dir, "-consent", "none")
	slot := s.market.Plan.Stalls[0].FirstSlot
	s.head = s.market.Plan.Approach(slot)
	s.yaw, s.pitch = s.head.YawPitch()
	walk(t, s, 3)
	s.act(world.EventLike, 3)
	walk(t, s, 0.2)
	close1(t, s)
	if f := s.figures(); f.Visits != 0 || f.Uploaded != 0 || f.Recording != "" {
		t.Errorf("%+v", f)
	}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if strings.HasSuffix(path, ".mcap") || strings.HasPrefix(filepath.Base(path), "profile-") {
			t.Errorf("kept %s", path)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// Taking the consent back forgets what was learned, on the disk too.
func TestConsentTakenBack(t *testing.T) {
	dir := t.TempDir()
	s, _ := visitFor(t, dir, "-consent", "local")
	item := aim(t, s, 2)
	s.act(world.EventLike, item)
	walk(t, s, 0.2)
	if err := s.keep(true); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(s.profile); err != nil {
		t.Fatal(err)
	}
	if err := s.setTier(privacy.None); err != nil {
		t.Fatal(err)
	}
	walk(t, s, 0.2)
	if s.engine.Liked(item) || s.rec != nil || s.frame.Samples == nil || !s.frame.Paused {
		t.Error("not forgotten, or still noticing")
	}
	profile := s.profile
	close1(t, s)
	if _, err := os.Stat(profile); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the profile is still there: %v", err)
	}
	set, _ := loadSettings(filepath.Join(dir, "settings.json"))
	if tier, asked := set.tier(); !asked || tier != privacy.None {
		t.Errorf("settings %+v", set)
	}
}

// Two visitors in one market see each other walk, and hear each other.
func TestTwoVisitorsMeet(t *testing.T) {
	dir := t.TempDir()
	a, _ := visitFor(t, filepath.Join(dir, "a"), "-shopper", "-name", "Ada", "-no-record")
	defer close1(t, a)
	b, _ := visitFor(t, filepath.Join(dir, "a"), "-shopper", "-name", "陈晨", "-no-record", "-connect", a.net.url, "-person", "7")
	defer close1(t, b)
	if a.home.place == b.home.place {
		t.Fatal("two visitors in one place")
	}
	if a.market.Plan.Fingerprint() != b.market.Plan.Fingerprint() {
		t.Fatal("two markets")
	}
	chatted, heard := false, false
	for i := 0; i < 2000 && (len(a.numbers.met) == 0 || len(b.numbers.met) == 0 || !heard); i++ {
		walk(t, a, 0.04)
		walk(t, b, 0.04)
		if len(b.numbers.met) > 0 && !chatted {
			chatted = b.net.cli.Chat("你好") == nil
		}
		for _, c := range a.chats {
			heard = heard || c.Text == "你好" && c.Name == "陈晨"
		}
		pause()
	}
	if fmt.Sprint(a.figures().People, b.figures().People) != "[陈晨] [Ada]" || !heard {
		t.Errorf("met %v and %v, heard %v", a.figures().People, b.figures().People, heard)
	}
}

// A purchase becomes an action with its receipt, once.
func TestBuying(t *testing.T) {
	s, _ := visitFor(t, t.TempDir(), "-consent", "share")
	defer close1(t, s)
	item := world.ItemIndex(0)
	for s.stockOf(item) == 0 {
		item++
	}
	before := s.stockOf(item)
	if n := s.act(world.EventPurchase, item); n.kind != noticeBuying {
		t.Fatalf("%+v", n)
	}
	for i := 0; i < 2000 && s.numbers.purchases == 0; i++ {
		walk(t, s, 0.04)
		pause()
	}
	for i := 0; i < 500 && s.stockOf(item) == before; i++ {
		walk(t, s, 0.04)
		pause()
	}
	if s.numbers.purchases != 1 || s.stockOf(item) != before-1 {
		t.Errorf("%d purchases, stock %d of %d", s.numbers.purchases, s.stockOf(item), before)
	}
}

// Keys and buttons do what the table of controls says.
func TestDisplayObeys(t *testing.T) {
	s, _ := visitFor(t, t.TempDir())
	defer close1(t, s)
	faces, err := lettering.LoadFonts()
	if err != nil {
		t.Fatal(err)
	}
	d := newDisplay(s, faces)
	press := func(keys ...look.Key) {
		t.Helper()
		for _, k := range keys {
			s.hands.KeyDown(k)
			s.hands.KeyUp(k)
			if err := d.obey(); err != nil {
				t.Fatal(err)
			}
			d.before(1280, 720)
			walk(t, s, 0.04)
			d.refresh(1280, 720)
			d.h.Draw(s.t)
		}
	}
	d.before(1280, 720)
	if !d.h.ConsentOpen() || s.hands.Mode() != look.Modal || s.rec != nil {
		t.Fatal("a newcomer is not asked, or is recorded before the answer")
	}
	press(look.KeyEscape)
	if !d.h.ConsentOpen() {
		t.Error("the question went away without an answer")
	}
	press(look.KeyDown, look.KeyEnter)
	if d.h.ConsentOpen() || s.tier != privacy.Local || s.rec == nil || s.mustAsk() {
		t.Fatalf("tier %v, recording %v", s.tier, s.rec != nil)
	}
	item := aim(t, s, 1)
	press(look.KeyE)
	if !d.h.CardOpen() || s.card != item || s.hands.Mode() != look.Pointing {
		t.Fatal("no card")
	}
	press(look.KeyL)
	if !s.engine.Liked(item) {
		t.Error("not liked")
	}
	press(look.KeyL, look.KeyH, look.KeyC)
	if s.engine.Liked(item) || !s.engine.Hidden(item) || !s.inCart(item) {
		t.Errorf("liked %v hidden %v cart %v", s.engine.Liked(item), s.engine.Hidden(item), s.inCart(item))
	}
	press(look.KeyEscape, look.KeyTab)
	if d.h.CardOpen() || !d.h.PanelOpen() {
		t.Error("card and panel")
	}
	press(look.KeyP, look.KeyF2)
	if !s.paused || !s.frame.Paused || d.h.Lang() != "zh" || s.set.Lang != "zh" {
		t.Error("pause or language")
	}
	press(look.KeyP, look.KeyEscape, look.KeyEscape)
	if d.h.Screen() != hud.ScreenMenu || s.hands.Mode() != look.Choosing || !s.frame.Paused {
		t.Error("Esc does not open the menu, or attention is measured behind it")
	}
	press(look.KeyEnd, look.KeyUp, look.KeyEnter) // free the mouse
	if s.paused || d.h.Open() || !d.free || s.sample().Source != world.SourcePointer {
		t.Errorf("paused %v, open %v, free %v", s.paused, d.h.Open(), d.free)
	}
	if err := d.click(640, 360); err != nil {
		t.Fatal(err)
	}
	d.before(1280, 720)
	if s.sample() != input.Centre(s.t) {
		t.Error("the mouse is not caught again")
	}
	press(look.KeyT)
	for _, r := range "hello" {
		s.hands.Character(r)
	}
	press(look.KeyW, look.KeyBackspace, look.KeyEnter)
	if d.h.Typing() {
		t.Error("still typing")
	}
	if err := d.do(0); err != nil {
		t.Error(err)
	}
}

// A frame of a visit on which nothing new happens allocates nothing of its
// own: only what the network's snapshots bring.
func TestSteadyFramesAllocateNothing(t *testing.T) {
	s, _ := visitFor(t, t.TempDir(), "-consent", "local", "-no-record")
	defer close1(t, s)
	faces, err := lettering.LoadFonts()
	if err != nil {
		t.Fatal(err)
	}
	d := newDisplay(s, faces)
	aim(t, s, 8) // long enough for the pedestals in view to be filled and to rest
	if err := s.net.cli.Close(); err != nil {
		t.Fatal(err)
	}
	s.net.cli = nil
	frame := func() {
		if err := d.obey(); err != nil {
			t.Fatal(err)
		}
		d.before(1280, 720)
		if err := s.step(1.0 / 60); err != nil {
			t.Fatal(err)
		}
		d.refreshT = s.t // the panels are worded four times a second, and may allocate
		d.refresh(1280, 720)
		d.h.Draw(s.t)
	}
	for d.find.ix == nil { // the index of the search is made beside the frames, once
		frame()
		time.Sleep(time.Millisecond)
	}
	if n := allocations(frame); n > 0 {
		t.Errorf("%v allocations a frame", n)
	}
}

// allocations says what a frame allocates. What Go counts is of the whole process,
// and the server beside the visit has timers: what a frame allocates itself, it
// allocates in each of several rounds.
func allocations(frame func()) float64 {
	least := math.Inf(1)
	for range 8 {
		least = min(least, testing.AllocsPerRun(50, frame))
	}
	return least
}

// A command a little beside an item means it; one into the sky means nothing.
func TestCommandsReachBesideAnItem(t *testing.T) {
	s, _ := visitFor(t, t.TempDir(), "-consent", "none")
	defer close1(t, s)
	slot := s.market.Plan.Stalls[0].FirstSlot
	s.head = s.market.Plan.Approach(slot)
	s.yaw, s.pitch = s.head.YawPitch()
	walk(t, s, 0.1)
	if got, want := s.target(), s.market.Plan.Slots[slot].Item; got != want {
		t.Errorf("straight ahead is %d, not %d", got, want)
	}
	s.pitch = maxPitch
	walk(t, s, 0.1)
	if got := s.target(); got != world.NoItem {
		t.Errorf("the sky is item %d", got)
	}
}

// The pointer's ray passes through the point that it is at.
func TestPointerRay(t *testing.T) {
	s := &session{lens: world.DesktopLens(), released: true, pointer: [2]float64{1, 0}, pointing: true}
	if p := s.sample(); !p.Valid || p.Dir.X/-p.Dir.Z < 1.02 || p.Dir.X/-p.Dir.Z > 1.03 || p.Source != world.SourcePointer {
		t.Errorf("the right edge is at %+v", p) // tan 30° × 16/9 = 1.026
	}
	s.pointing = false
	if s.sample().Valid {
		t.Error("a pointer on a panel looks at the market")
	}
}

func TestDamagedSettingsAreKeptAside(t *testing.T) {
	for _, text := range []string{"{", `{"consent":"everything"}`, "null garbage"} {
		path := filepath.Join(t.TempDir(), "settings.json")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		s, note := loadSettings(path)
		if _, asked := s.tier(); asked || !strings.Contains(note, "kept as") {
			t.Errorf("%q: %+v, %q", text, s, note)
		}
	}
}

func FuzzDecodeProfile(f *testing.F) {
	f.Add(encodeProfile(3.5, []byte("state")))
	f.Add([]byte(profileMagic))
	f.Fuzz(func(t *testing.T, b []byte) {
		clock, snapshot, err := decodeProfile(b)
		if err == nil && string(encodeProfile(clock, snapshot)) != string(b) {
			t.Error("read what was not written")
		}
	})
}
