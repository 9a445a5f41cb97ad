// Solid things: world-space vertices, or a model's own under uModel.
layout(location = 0) in vec3 aPos;
layout(location = 1) in vec4 aNormal; // w: openness
layout(location = 2) in vec4 aColour; // w: material / 255
uniform vec4 uFinish[12]; // specular, gloss, translucency, mirror
uniform vec4 uGrainA[12]; // grain's main direction and strength
uniform vec4 uGrainB[12]; // how the grain wavers
#ifdef MOVING
uniform mat4 uModel;
#endif
out vec3 vPos;
out vec3 vNormal;
out vec4 vColour; // linear; w: openness
out vec4 vGrain;  // phase a, phase b, strength, own light
flat out vec4 vFinish;
#ifdef SHADOW
uniform mat4 uShadow;
out vec3 vShadow;
#endif
void main() {
#ifdef MOVING
    vec3 pos = (uModel * vec4(aPos, 1.0)).xyz;
    vNormal = mat3(uModel) * aNormal.xyz;
#else
    vec3 pos = aPos;
    vNormal = aNormal.xyz;
#endif
    int m = int(aColour.w * 255.0 + 0.5);
    vPos = pos;
    vFinish = uFinish[m];
    vec4 a = uGrainA[m], b = uGrainB[m];
    vGrain = vec4(dot(aPos, a.xyz) * 0.1591549, dot(aPos, b.xyz) * 0.1591549, a.w, m == 10 ? 1.0 : 0.0);
    vColour = vec4(linear(aColour.rgb), aNormal.w);
#ifdef SHADOW
    // A step along the normal keeps a face from shading itself.
    vShadow = (uShadow * vec4(pos + vNormal * 0.035, 1.0)).xyz;
#endif
    gl_Position = uView * vec4(pos, 1.0);
}
