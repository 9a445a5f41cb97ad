layout(location = 0) in vec3 aPos;
uniform vec4 uContact; // x0, z0, 1/width, 1/depth of the contact map
out vec3 vPos;
out vec2 vContact;
#ifdef SHADOW
uniform mat4 uShadow;
out vec3 vShadow;
#endif
void main() {
    vPos = aPos;
    vContact = (aPos.xz - uContact.xy) * uContact.zw;
#ifdef SHADOW
    vShadow = (uShadow * vec4(aPos, 1.0)).xyz;
#endif
    gl_Position = uView * vec4(aPos, 1.0);
}
