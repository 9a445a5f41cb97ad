in vec3 vPos;
in vec3 vText;
in vec4 vGround;
in vec4 vInk;
in vec3 vLight;
out vec4 oColour;
uniform sampler2DArray uLetters;
#ifdef MOVING
flat in float vFade;
#endif
#ifdef SHADOW
uniform sampler2DShadow uShadowMap;
in vec4 vShadow;
#endif
void main() {
    float ink = texture(uLetters, vText).r * vInk.a;
    vec3 c = mix(vGround.rgb, vInk.rgb, ink);
    vec3 light = vLight;
#ifdef SHADOW
    light += uSunColour * (vShadow.w * texture(uShadowMap, vShadow.xyz));
#endif
#ifdef MOVING
    // A label that follows the visitor is read, not lit.
    light = vec3(0.92);
    float alpha = mix(vGround.a, 1.0, ink) * vFade;
    oColour = vec4(display(c * light), alpha);
#else
    oColour = vec4(display(air(c * light, uEye - vPos)), 1.0);
#endif
}
