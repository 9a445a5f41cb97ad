// Near goods: lit at each pixel, with gloss.
in vec3 vTexture;
in vec3 vPos;
in vec3 vNormal;
in vec4 vColour;
in vec4 vLight;
flat in vec4 vFinish;
out vec4 oColour;
uniform sampler2DArray uSurfaces;
#ifdef SHADOW
uniform sampler2DShadow uShadowMap;
in vec3 vShadow;
#endif
#if defined(MOVING) || defined(GLOWING)
uniform vec4 uGlow;  // colour, strength: of the thing attended
#endif
#ifdef MOVING
uniform float uFade; // part that is there, in [0,1]
#endif
void main() {
    vec3 n = normalize(vNormal);
    vec3 toEye = uEye - vPos;
    vec3 v = normalize(toEye);
    float sun = dot(n, uSun);
    float lit = vLight.x;
#ifdef SHADOW
    lit = texture(uShadowMap, vShadow);
#endif
    vec3 t = texture(uSurfaces, vTexture).rgb * 2.0;
    vec3 albedo = vColour.rgb * t * t;
    float open = vColour.w;
    vec3 ambient = mix(uEarth, uSky, n.y * 0.5 + 0.5) * open + uLamp * vLight.y;
    // Thin things let the light of their far side through.
    float through = max(-sun, 0.0) * vFinish.z * open;
    vec3 c = albedo * (ambient + uSunColour * (max(sun, 0.0) * min(1.0, 0.25 + open) + through) * lit);
    vec3 r = reflect(-v, n);
    float edge = 1.0 - max(dot(n, v), 0.0);
    edge *= edge;
    float fresnel = vFinish.w + (1.0 - vFinish.w) * edge * edge * vFinish.x;
    vec3 around = mix(uEarth, mix(uHaze, uSky * 0.8, clamp(r.y, 0.0, 1.0)), clamp(r.y * 3.0 + 0.5, 0.0, 1.0)) * open + uLamp * (vLight.y * 0.6);
    float glint = exp2((dot(r, uSun) - 1.0) * vFinish.y) * vFinish.x * lit;
    c = mix(c, around * mix(vec3(1.0), albedo * 1.6, step(0.35, vFinish.w)), fresnel) + uSunColour * glint;
    float facing = max(dot(n, v), 0.0);
    c = mix(c, albedo * uLantern * (0.7 + 0.45 * facing), vLight.z);
#if defined(MOVING) || defined(GLOWING)
    float rim = 1.0 - facing;
    c += uGlow.rgb * uGlow.w * (0.10 + 0.9 * rim * rim) + albedo * uGlow.w * 0.35;
#endif
    c = air(c, toEye);
#ifdef MOVING
    // Fading things are drawn in a fixed dither (interleaved gradient noise,
    // Jimenez 2014): they need no sorting.
    float noise = fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715))));
    if (noise >= uFade) discard;
#endif
    oColour = vec4(display(c), 1.0);
}
