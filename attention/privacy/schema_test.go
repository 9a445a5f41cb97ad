package privacy_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/reflect/protoreflect"

	"souk/attention/record/recordpb"
	"souk/world/wire"
)

// words in a name that speak of where the eyes or the head point, or of a
// measurement of them.
var words = []string{"gaze", "eye", "pupil", "dir", "direction", "origin", "ray", "pitch", "roll", "yaw", "quat", "quaternion", "rotation",
	"orientation", "pose", "head", "sample", "samples", "fixation", "saccade", "focus", "look", "vector", "azimuth", "elevation", "angle"}

// allowed are the fields that would be refused, with the reason why they may be.
var allowed = map[string]string{
	"souk.wire.Presence.yaw":         "where the avatar faces, to 1.4° and at most ten times a second: what others see of a body; no pitch",
	"souk.wire.Person.yaw":           "the same, for the operator's floor",
	"souk.wire.Snapshot.moves":       "the same of the avatars nearby, passed on by the server: id, place on the ground and yaw of each, and no more (wire.AppendMove)",
	"souk.wire.Item.primary":         "a colour of a product, served by the server",
	"souk.wire.Item.accent":          "a colour of a product, served by the server",
	"souk.wire.Item.size":            "the measures of a product, served by the server",
	"souk.wire.Item.shape":           "the form of a product, served by the server",
	"souk.wire.FloorDistrict.colour": "the colour of a district, served by the server",
	"souk.wire.FloorPlan.pedestals":  "where pedestals stand, served by the server",
}

// suspects lists the fields of a schema that could hold a stream of gaze or
// head measurements: by name, by being a list of numbers or bytes of any
// length, or by being of a type that is not described here.
func suspects(file protoreflect.FileDescriptor) []string {
	var found []string
	var walk func(ms protoreflect.MessageDescriptors)
	walk = func(ms protoreflect.MessageDescriptors) {
		for i := range ms.Len() {
			m := ms.Get(i)
			for j := range m.Fields().Len() {
				if f := m.Fields().Get(j); suspect(file, f) {
					found = append(found, string(f.FullName()))
				}
			}
			walk(m.Messages())
		}
	}
	walk(file.Messages())
	slices.Sort(found)
	return found
}

func suspect(file protoreflect.FileDescriptor, f protoreflect.FieldDescriptor) bool {
	for _, name := range []string{string(f.Name()), string(f.Parent().Name())} {
		for _, w := range strings.FieldsFunc(snake(name), func(r rune) bool { return r == '_' }) {
			if slices.Contains(words, w) {
				return true
			}
		}
	}
	switch f.Kind() {
	case protoreflect.BytesKind:
		return true
	case protoreflect.FloatKind, protoreflect.DoubleKind:
		return f.IsList() || f.IsMap()
	case protoreflect.MessageKind, protoreflect.GroupKind:
		// A message of another file (Any, Struct, a recording's) could hold anything.
		return !f.IsMap() && f.Message().ParentFile().Path() != file.Path()
	}
	return false
}

// snake writes a message's name as a field's: "GazeSample" as "gaze_sample".
func snake(name string) string {
	var b strings.Builder
	for i, r := range name {
		if r >= 'A' && r <= 'Z' {
			if i > 0 {
				b.WriteByte('_')
			}
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}

func TestNoFieldOnTheWireCouldHoldRawGaze(t *testing.T) {
	found := suspects(wire.File_souk_proto)
	for _, name := range found {
		if allowed[name] == "" {
			t.Errorf("%s could hold gaze or head measurements; take it out of world/wire/souk.proto, or say in this test why it cannot", name)
		}
	}
	for name, why := range allowed {
		if !slices.Contains(found, name) {
			t.Errorf("%s is excused (%q), but is not in the schema or needs no excuse; take it off the list", name, why)
		}
	}
	// Nothing that a client sends may need an excuse but the avatar's yaw.
	for _, m := range sentByClients(t) {
		for i := range m.Fields().Len() {
			if name := string(m.Fields().Get(i).FullName()); allowed[name] != "" && name != "souk.wire.Presence.yaw" {
				t.Errorf("a client sends %s, which is excused only because servers do", name)
			}
		}
	}
}

// sentByClients are the messages that go from a client to a server.
func sentByClients(t *testing.T) []protoreflect.MessageDescriptor {
	t.Helper()
	var all []protoreflect.MessageDescriptor
	for _, name := range []string{"Hello", "Presence", "ChatSend", "EventBatch", "Event", "CartSet", "CartLine", "Purchase", "Watch"} {
		m := wire.File_souk_proto.Messages().ByName(protoreflect.Name(name))
		if m == nil {
			t.Fatalf("the protocol has no message %s any more; name here what has taken its place", name)
		}
		all = append(all, m)
	}
	return all
}

func TestTheSchemaTestFindsGazeWhereThereIs(t *testing.T) {
	// A recording does hold raw gaze: a test that lets its schema pass is blind.
	found := suspects(recordpb.File_session_proto)
	for _, name := range []string{"souk.record.Frame.head", "souk.record.Frame.rotation", "souk.record.Frame.samples", "souk.record.Samples.dir_x",
		"souk.record.Samples.confidence", "souk.record.Quaternion.w", "souk.record.GazeEvents.t0", "souk.record.Views.distance"} {
		if !slices.Contains(found, name) {
			t.Errorf("%s goes unnoticed", name)
		}
	}
	if t.Failed() {
		t.Log(fmt.Sprint(found))
	}
}
