// Solid things: world-space vertices, a model's own under uModel, or a shape's
// under its instance.
//
// BAKED lights them here, at the corners, and hands on what the screen shows: the
// fragments then cost a look-up and a mix, which is all that software OpenGL has
// time for. Otherwise the fragments light themselves. BARE leaves the materials'
// patterns away: of all that a fragment does, the look-up is two thirds, and far
// away a pattern is its mean, which is to change nothing.
layout(location = 0) in vec3 aPos;
layout(location = 1) in vec4 aNormal; // w: openness
layout(location = 2) in vec4 aColour; // w: material / 255
layout(location = 3) in vec2 aTexture; // 1/512 of a repeat
layout(location = 4) in vec3 aPlace;  // palette / 255, sun, lamp
layout(location = 5) in vec4 aStand;  // of the instance: x, z, cosine and sine of its turn
layout(location = 6) in vec3 aCloth;  // its colours
layout(location = 7) in vec3 aWood;
layout(location = 8) in vec3 aBack;
uniform vec4 uFinish[12]; // specular, gloss, translucency, mirror
#ifdef MOVING
uniform mat4 uModel;
uniform vec2 uShade; // sun and lamp light where it is
#endif
#if defined(FADING) || defined(GLASS)
uniform float uFade;
flat out float vFade;
#endif
#if defined(MOVING) || defined(GLOWING)
// What changes from draw to draw is the vertices' alone: on software OpenGL a
// draw for which both stages' uniforms have changed takes 35 µs, else 1 µs.
uniform vec4 uGlow; // colour, strength: of the thing attended
#endif
#ifndef BARE
out vec3 vTexture; // z: layer
#endif
#ifdef BAKED
out vec4 vLit; // as the screen shows it; w: air
#ifdef GLASS
out float vClear; // part of what stands behind it that it hides
#endif
#else
out vec3 vPos;
out vec3 vNormal;
out vec4 vColour; // linear; w: openness
out vec4 vLight;  // sun, lamp, own light
flat out vec4 vFinish;
#if defined(MOVING) || defined(GLOWING)
flat out vec4 vGlow;
#endif
#ifdef SHADOW
out vec3 vShadow;
#endif
#endif

vec3 painted() {
    int code = int(aPlace.x * 255.0 + 0.5);
    int entry = code & 15;
    vec3 base = entry == 1 ? aCloth : entry == 2 ? aWood : entry == 3 ? aBack : vec3(1.0);
    return linear(aColour.rgb * mix(base, vec3(0.95, 0.90, 0.80), float(code >> 4) / 15.0));
}

void main() {
#ifdef MOVING
    vec3 pos = (uModel * vec4(aPos, 1.0)).xyz;
    vec3 normal = mat3(uModel) * aNormal.xyz;
    vec2 shade = uShade;
#else
    vec3 pos = vec3(aStand.z * aPos.x + aStand.w * aPos.z + aStand.x, aPos.y, aStand.z * aPos.z - aStand.w * aPos.x + aStand.y);
    vec3 normal = vec3(aStand.z * aNormal.x + aStand.w * aNormal.z, aNormal.y, aStand.z * aNormal.z - aStand.w * aNormal.x);
    vec2 shade = aPlace.yz;
#endif
    int m = int(aColour.w * 255.0 + 0.5);
#ifndef BARE
    vTexture = vec3(aTexture / 512.0, float(m));
#endif
    vec3 albedo = painted();
    float own = m == 10 ? 1.0 : 0.0;
#ifdef BAKED
    Surface s = Surface(albedo, normalize(normal), aNormal.w, shade.x, shade.y, own, uFinish[m]);
    vec3 toEye = uEye - pos;
    vec3 v = normalize(toEye);
    vec3 c = lit(s, v, around(reflect(-v, s.normal)));
#if defined(MOVING) || defined(GLOWING)
    c = glowing(c, s, v, uGlow);
#endif
    float d = uHazeRate * length(toEye);
    vLit = vec4(display(c), exp2(-d * d));
#ifdef GLASS
    vClear = hidden(s, v) * uFade;
#endif
#else
    vPos = pos;
    vNormal = normal;
    vColour = vec4(albedo, aNormal.w);
    vLight = vec4(shade, own, 0.0);
    vFinish = uFinish[m];
#if defined(MOVING) || defined(GLOWING)
    vGlow = uGlow;
#endif
#ifdef SHADOW
    // A step along the normal keeps a face from shading itself.
    vShadow = (uShadow * vec4(pos + normal * 0.035, 1.0)).xyz;
#endif
#endif
#if defined(FADING) || defined(GLASS)
    vFade = uFade;
#endif
    gl_Position = uView * vec4(pos, 1.0);
}
