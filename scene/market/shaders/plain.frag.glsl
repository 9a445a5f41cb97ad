in vec3 vTexture;
in vec4 vLit;
out vec4 oColour;
uniform sampler2DArray uSurfaces;
#ifdef SHADOW
uniform sampler2DShadow uShadowMap;
in vec3 vShadow;
in vec3 vSunLit;
#endif
void main() {
    vec3 t = texture(uSurfaces, vTexture).rgb * 2.0;
    vec3 c = vLit.rgb;
#ifdef SHADOW
    c += vSunLit * texture(uShadowMap, vShadow);
#endif
    oColour = vec4(display(mix(uHaze, c * t * t, vLit.w)), 1.0);
}
