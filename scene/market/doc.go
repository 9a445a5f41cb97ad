// Package market draws the market in a window: stalls and what lies on them,
// pedestals, people, sky, and the head-up display on top.
//
// Read [Open], then [NewScene] and [Scene.Draw]. The models are in
// scene/market/model, which knows no graphics library.
package market
