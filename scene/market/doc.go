// Package market draws the market in a window: stalls and what lies on them,
// pedestals, people, sky, and the head-up display on top.
//
// The window and its OpenGL 3.3 core context are made with GLFW in the version
// that g3n brings, and everything is drawn by programs of our own (shaders/) in
// go-gl. g3n's renderer draws a mesh a call and has neither shadows nor tone
// mapping, and its window asks for eight samples a pixel: BenchmarkNaive and
// BenchmarkEmptyFrameFourSamples measure what both would cost.
//
// What never moves is one vertex buffer, cut into chunks: a stall each, and
// what stands around by cells of the ground. A chunk has forms for near and
// far; those in view are drawn near to far in one call. The near models of a
// stall's goods are made when the visitor comes and freed behind him.
//
// Read [Open], then [NewScene] and [Scene.Draw]. The models are in
// scene/market/model, which knows no graphics library.
package market
