// Package market draws the market in a window: stalls and what lies on them,
// pedestals, people, sky, and the head-up display on top.
//
// The window and its OpenGL 3.3 core context are made with GLFW in the version
// that g3n brings, and everything is drawn by programs of our own (shaders/) in
// go-gl. g3n's renderer draws a mesh a call and has neither shadows nor tone
// mapping, and its window asks for eight samples a pixel: BenchmarkNaive and
// BenchmarkFloor measure what both would cost.
//
// How a frame comes about (draw.go):
//
//   - cull: world/plan says which stalls and pedestals anything is seen of (28
//     of 3,562 in the mean); what stands around is tested against the view.
//   - stands.go: stalls and pedestals are instances of a few shapes (stalls.go).
//   - booths.go, goods.go: the goods of stalls in view are built off the frame's
//     thread and sent a few stalls a frame into memory that is taken once (pool.go,
//     extents.go). shelves.go draws each item in the form that its size on the screen asks
//     for, glass.go what is clear of near ones over the rest.
//   - things.go, bring.go: what stands on pedestals; placard.go: their signs, and
//     people's names, of which the nearer show where there is no room for all.
//   - static.go, place.go, town.go, landmarks.go, garlands.go: what stands around.
//   - ground.go, light.go: sun, shadows and lanterns on the ground and in the
//     stalls are worked out once, where the quality is low or medium; high and
//     ultra work them out in the frame (shadow.go, picture.go).
//   - picture.go: off-screen pictures, where samples, ambient occlusion or a lower
//     resolution ask for them; stereo.go: two eyes.
//
// Read [Open], then [NewScene] and [Scene.Draw]; quality.go says what the
// qualities are. The models are in scene/market/model, which knows no graphics
// library.
package market
