in vec3 vPos;
in vec3 vNormal;
in vec4 vColour;
in vec4 vGrain;
flat in vec4 vFinish;
uniform float uLantern; // how bright what glows is
out vec4 oColour;
#ifdef SHADOW
uniform sampler2DShadow uShadowMap;
in vec3 vShadow;
#endif
#ifdef MOVING
uniform vec4 uGlow;  // colour, strength: of the thing attended
uniform float uFade; // part that is there, in [0,1]
#endif
#ifdef GLOWING
uniform vec4 uGlow;
#endif
void main() {
    vec3 n = normalize(vNormal);
    vec3 toEye = uEye - vPos;
#ifndef PLAIN
    vec3 v = normalize(toEye);
#endif
    float sun = dot(n, uSun);
    float lit = 1.0;
#ifdef SHADOW
    lit = texture(uShadowMap, vShadow);
#endif
    // The grain fades before it is finer than the pixels.
    float grain = vGrain.z / (1.0 + 0.12 * dot(toEye, toEye));
    vec3 albedo = vColour.rgb * (1.0 + grain * wave(vGrain.x + 0.35 * wave(vGrain.y)));
    float open = vColour.w;
    vec3 ambient = mix(uEarth, uSky, n.y * 0.5 + 0.5) * open;
    // Thin things let the light of their far side through.
    float through = max(-sun, 0.0) * vFinish.z * open;
    vec3 c = albedo * (ambient + uSunColour * (max(sun, 0.0) * lit * min(1.0, 0.25 + open) + through));
#ifndef PLAIN
    vec3 r = reflect(-v, n);
    float edge = 1.0 - max(dot(n, v), 0.0);
    edge *= edge;
    float fresnel = vFinish.w + (1.0 - vFinish.w) * edge * edge * vFinish.x;
    vec3 around = mix(uEarth, mix(uHaze, uSky * 0.8, clamp(r.y, 0.0, 1.0)), clamp(r.y * 3.0 + 0.5, 0.0, 1.0)) * open;
    float glint = exp2((dot(r, uSun) - 1.0) * vFinish.y) * vFinish.x * lit;
    c = mix(c, around * mix(vec3(1.0), albedo * 1.6, step(0.35, vFinish.w)), fresnel) + uSunColour * glint;
#endif
#ifdef PLAIN
    c = mix(c, albedo * uLantern, vGrain.w);
#else
    c = mix(c, albedo * uLantern * (0.7 + 0.45 * max(dot(n, v), 0.0)), vGrain.w);
#endif
#if defined(MOVING) || defined(GLOWING)
    float rim = 1.0 - max(dot(n, v), 0.0);
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
