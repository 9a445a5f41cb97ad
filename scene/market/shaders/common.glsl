// What all shaders share: the light, the air and the way to the screen.
uniform mat4 uView;        // world to clip
uniform vec3 uEye;
uniform vec3 uSun;         // towards the sun, unit
uniform vec3 uSunColour;   // linear
uniform vec3 uSky;         // ambient from above, linear
uniform vec3 uEarth;       // ambient from below, linear
uniform vec3 uHaze;        // the horizon's colour, linear
uniform float uHazeRate;   // per metre
uniform vec3 uLamp;        // what a near lantern adds, linear
uniform float uLantern;    // how bright what glows is

// linear turns sRGB into linear light (a cubic fit, error below 0.003).
vec3 linear(vec3 c) { return c * (c * (c * 0.305306011 + 0.682171111) + 0.012522878); }

// display turns linear light into what the screen shows. Colours up to 0.7 stay what they are, so that goods
// show their own colours; above, a parabola leads to white at 1.3, so that highlights do not
// clip. The sRGB curve is a cubic in the square root (at most 6 of 255 off, in the deepest dark): one root instead of a power.
vec3 display(vec3 c) {
    vec3 over = clamp(c - 0.7, 0.0, 0.6);
    vec3 s = sqrt(min(c, 0.7) + over - over * over * 0.8333333);
    return s * (1.124865 + s * (-0.095742 + s * -0.029124));
}

// wave is like a sine, but cheap: a triangle with its corners rounded. A period is 1.
float wave(float x) {
    float t = 4.0 * abs(fract(x) - 0.5) - 1.0;
    return t * (1.5 - 0.5 * t * t);
}

// air mixes the haze in by distance.
vec3 air(vec3 c, vec3 toEye) {
    float d = uHazeRate * length(toEye);
    return mix(uHaze, c, exp2(-d * d));
}
