package look

// Comfort is how far the edge of the view should be dimmed at a speed, in
// [0,1]: 0 at rest and at a calm walk, 1 where the body turns or runs as fast as it can.
// turn is radians per second of the body, not of the head in it, and speed
// metres per second, both of any sign. Narrowing the view while one is moved
// lessens sickness without being noticed (Fernandes and Feiner, 3DUI 2016); their rule takes
// both speeds, as this one does, and its slopes are ours.
func Comfort(turn, speed float64) float64 {
	return max(rise(max(turn, -turn), .35, 2.4), .8*rise(max(speed, -speed), 1.2, 4.6))
}

// rise goes smoothly from 0 at from to 1 at to.
func rise(v, from, to float64) float64 {
	t := max(0, min(1, (v-from)/(to-from)))
	return t * t * (3 - 2*t)
}
