uniform mat4 uRays; // clip to direction
out vec3 vDir;
void main() {
    vec2 p = vec2(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0);
    vDir = (uRays * vec4(p, 1.0, 1.0)).xyz;
    gl_Position = vec4(p, 1.0, 1.0);
}
