// What all shaders share: the light, the air and the way to the screen.
uniform mat4 uView;        // world to clip
uniform vec3 uEye;
uniform vec3 uSun;         // towards the sun, unit
uniform vec3 uSunColour;   // linear
uniform vec3 uSky;         // ambient from above, linear
uniform vec3 uEarth;       // ambient from below, linear
uniform vec3 uHaze;        // the horizon's colour, linear
uniform vec3 uHazeShown;   // the same as the screen shows it
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

#ifdef SHADOW
// The sun's shadows lie in two maps: what stands still for a long way around,
// and what moves (people, things that turn) near the visitor.
uniform mat4 uShadow;        // world to the first map's place and depth
uniform vec4 uMovingShadow;  // from the first map's to the second's: a scale and a shift

// moving is where a place in the first map lies in the second.
vec3 inMoving(vec3 p) { return vec3(p.xy * uMovingShadow.z + uMovingShadow.xy, p.z + uMovingShadow.w); }
#endif

// Surface is a point of a solid thing.
struct Surface {
    vec3 albedo; // linear
    vec3 normal; // unit
    float open;  // part of the sky's light that comes here
    float sun;   // part of the sun's
    float lamp;  // part of a lantern's
    float own;   // whether it shines by itself
    vec4 finish; // specular, gloss, translucency, mirror
};

// around is what a mirror would show along r, roughly: sky above, haze, earth.
vec3 around(vec3 r) {
    return mix(uEarth, mix(uHaze, uSky * 0.8, clamp(r.y, 0.0, 1.0)), clamp(r.y * 3.0 + 0.5, 0.0, 1.0));
}

// lit is the light that leaves a surface towards the eye, which lies along v;
// mirrored is what the surface mirrors.
vec3 lit(Surface s, vec3 v, vec3 mirrored) {
    float sun = dot(s.normal, uSun);
    vec3 ambient = mix(uEarth, uSky, s.normal.y * 0.5 + 0.5) * s.open + uLamp * s.lamp;
    // Thin things let the light of their far side through.
    float through = max(-sun, 0.0) * s.finish.z * s.open;
    vec3 c = s.albedo * (ambient + uSunColour * ((max(sun, 0.0) * min(1.0, 0.25 + s.open) + through) * s.sun));
    vec3 r = reflect(-v, s.normal);
    float facing = max(dot(s.normal, v), 0.0);
    float edge = (1.0 - facing) * (1.0 - facing);
    float fresnel = s.finish.w + (1.0 - s.finish.w) * edge * edge * s.finish.x;
    mirrored = mirrored * s.open + uLamp * (s.lamp * 0.6);
    float glint = exp2((dot(r, uSun) - 1.0) * s.finish.y) * s.finish.x * s.sun;
    c = mix(c, mirrored * mix(vec3(1.0), s.albedo * 1.6, step(0.35, s.finish.w)), fresnel) + uSunColour * glint;
    return mix(c, s.albedo * uLantern * (0.7 + 0.45 * facing), s.own);
}

// hidden is the part of what stands behind glass that it hides: little where it
// is looked at straight, most at its outline, where it mirrors (Schlick 1994 has the
// fifth power; the second stands for the thickness of a wall, too).
float hidden(Surface s, vec3 v) {
    float edge = 1.0 - abs(dot(s.normal, v));
    return 0.34 + 0.56 * edge * edge;
}

// glowing adds the soft light of what is attended; glow is its colour and strength.
vec3 glowing(vec3 c, Surface s, vec3 v, vec4 glow) {
    float rim = 1.0 - max(dot(s.normal, v), 0.0);
    return c + glow.rgb * glow.w * (0.10 + 0.9 * rim * rim) + s.albedo * glow.w * 0.35;
}
