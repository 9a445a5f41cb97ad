uniform vec4 uCentre; // world, w: radius
uniform vec3 uRight;
uniform vec3 uUp;
out vec2 vAt;
void main() {
    vAt = vec2((gl_VertexID & 1) * 2 - 1, (gl_VertexID >> 1) * 2 - 1);
    gl_Position = uView * vec4(uCentre.xyz + (uRight * vAt.x + uUp * vAt.y) * uCentre.w, 1.0);
}
