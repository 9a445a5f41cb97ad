// What all shaders share: the light, the air and the way to the screen.
uniform mat4 uView;        // world to clip
uniform vec3 uEye;
uniform vec3 uSun;         // towards the sun, unit
uniform vec3 uSunColour;   // linear
uniform vec3 uSky;         // ambient from above, linear
uniform vec3 uEarth;       // ambient from below, linear
uniform vec3 uHaze;        // the horizon's colour, linear
uniform float uHazeRate;   // per metre

// linear turns sRGB into linear light (a cubic fit, error below 0.003).
vec3 linear(vec3 c) { return c * (c * (c * 0.305306011 + 0.682171111) + 0.012522878); }

// display turns linear light into what the screen shows. Colours up to 0.7 stay what they are, so that goods
// show their own colours; above, a shoulder keeps highlights from clipping. The sRGB curve
// is a fit in square roots, which are cheap on a CPU.
vec3 display(vec3 c) {
    vec3 over = max(c - 0.7, 0.0);
    c = min(c, 0.7) + 0.3 * over / (over + 0.3);
    vec3 a = sqrt(c), b = sqrt(a), d = sqrt(b);
    return 0.662002687 * a + 0.684122060 * b - 0.323583601 * d - 0.0225411470 * c;
}

// air mixes the haze in by distance.
vec3 air(vec3 c, vec3 toEye) {
    float d = uHazeRate * length(toEye);
    return mix(uHaze, c, exp2(-d * d));
}
