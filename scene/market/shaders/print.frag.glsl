in vec3 vPos;
in vec3 vText;
in vec4 vGround;
in vec4 vInk;
in vec3 vLight;
out vec4 oColour;
uniform sampler2DArray uLetters; // distance fields: 0.5 on the outline, a whole is 2 × 5 texels
#ifdef MOVING
flat in float vFade;
#endif
#ifdef SHADOW
uniform sampler2DShadow uShadowMap;
uniform sampler2DShadow uMovingMap;
in vec4 vShadow;
#endif
void main() {
    // An edge is a pixel wide. Where a pixel holds so many texels that strokes
    // run together, the words fade to their plate instead of flickering.
    vec2 texels = fwidth(vText.xy) * 2048.0;
    float soft = max(texels.x, texels.y) * 0.1;
    float ink = clamp((texture(uLetters, vText).r - 0.5) / max(soft, 0.001) + 0.5, 0.0, 1.0) * clamp((0.95 - soft) * 2.0, 0.0, 1.0);
#ifdef MOVING
    // A label that follows the visitor is read, not lit.
    oColour = vec4(display(vInk.rgb * vLight), vInk.a * ink * vFade);
#else
    if (ink < 0.03) discard;
    vec3 light = vLight;
#ifdef SHADOW
    light += uSunColour * (vShadow.w * min(texture(uShadowMap, vShadow.xyz), texture(uMovingMap, inMoving(vShadow.xyz))));
#endif
    oColour = vec4(display(air(mix(vGround.rgb, vInk.rgb, ink) * light, uEye - vPos)), 0.0); // alpha: see finish.frag.glsl
#endif
}
