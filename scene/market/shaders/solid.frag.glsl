out vec4 oColour;
#ifndef BARE
in vec3 vTexture;
uniform sampler2DArray uSurfaces; // a material's pattern: grey leaves the colour as it is
#endif
#ifdef BAKED
in vec4 vLit;
#else
in vec3 vPos;
in vec3 vNormal;
in vec4 vColour;
in vec4 vLight;
flat in vec4 vFinish;
#if defined(MOVING) || defined(GLOWING)
flat in vec4 vGlow;
#endif
#ifdef SHADOW
uniform sampler2DShadow uShadowMap;
in vec3 vShadow;
#endif
#endif
#ifdef FADING
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
#else
    Surface s = Surface(vColour.rgb * pattern * pattern, normalize(vNormal), vColour.w, vLight.x, vLight.y, vLight.z, vFinish);
#ifdef SHADOW
    s.sun = texture(uShadowMap, vShadow);
#endif
    vec3 toEye = uEye - vPos;
    vec3 v = normalize(toEye);
    vec3 c = lit(s, v);
#if defined(MOVING) || defined(GLOWING)
    c = glowing(c, s, v, vGlow);
#endif
    oColour = vec4(display(air(c, toEye)), 1.0);
#endif
}
