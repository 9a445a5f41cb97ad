out vec4 oColour;
#ifndef BARE
in vec3 vTexture;
uniform sampler2DArray uSurfaces; // a material's pattern: grey leaves the colour as it is
#endif
#ifdef BAKED
in vec4 vLit;
#ifdef GLASS
in float vClear;
#endif
#else
in vec3 vPos;
in vec3 vNormal;
in vec4 vColour;
in vec4 vLight;
flat in vec4 vFinish;
#if defined(MOVING) || defined(GLOWING)
flat in vec4 vGlow;
#endif
uniform sampler2D uDome; // the sky's picture: see sky.frag.glsl
#ifdef SHADOW
uniform sampler2DShadow uShadowMap;
uniform sampler2DShadow uMovingMap;
in vec3 vShadow;
#endif

// sky is what a mirror shows along r: the sky's picture, blurred by roughness
// in [0,1], above the horizon; the earth below.
vec3 sky(vec3 r, float rough) {
    vec3 d = normalize(vec3(r.x, max(r.y, 0.0), r.z));
    vec3 c = linear(textureLod(uDome, d.xz / (1.0 + d.y) * 0.498 + 0.5, rough * 6.0).rgb);
    return mix(uEarth * 0.8, c, clamp(r.y * 4.0 + 0.5, 0.0, 1.0));
}
#endif
#if defined(FADING) || defined(GLASS)
flat in float vFade; // part that is there, in [0,1]
#endif
void main() {
#ifdef FADING
    // Fading things are drawn in a fixed dither (interleaved gradient noise,
    // Jimenez 2014): they need no sorting.
    float noise = fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715))));
    if (noise >= vFade) discard;
#endif
#ifdef BARE
    const vec3 pattern = vec3(1.0);
#else
    vec3 pattern = texture(uSurfaces, vTexture).rgb * 2.0;
#endif
#ifdef BAKED
    oColour = vec4(mix(uHazeShown, vLit.rgb * pattern, vLit.w), 1.0);
#ifdef GLASS
    oColour.a = vClear;
#endif
#else
    Surface s = Surface(vColour.rgb * pattern * pattern, normalize(vNormal), vColour.w, vLight.x, vLight.y, vLight.z, vFinish);
#ifdef SHADOW
    s.sun = min(texture(uShadowMap, vShadow), texture(uMovingMap, inMoving(vShadow)));
#endif
    vec3 toEye = uEye - vPos;
    vec3 v = normalize(toEye);
    vec3 c = lit(s, v, sky(reflect(-v, s.normal), clamp(1.0 - s.finish.y / 120.0, 0.1, 1.0)));
#if defined(MOVING) || defined(GLOWING)
    c = glowing(c, s, v, vGlow);
#endif
    oColour = vec4(display(air(c, toEye)), 1.0);
#ifdef GLASS
    oColour.a = hidden(s, v) * vFade;
#endif
#endif
}
