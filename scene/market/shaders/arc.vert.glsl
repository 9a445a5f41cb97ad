layout(location = 0) in vec4 aPos; // world, and how much of it shows
out float vPart;
void main() {
    vPart = aPos.w;
#ifdef FADE
    // A triangle over everything.
    gl_Position = vec4(float(gl_VertexID & 1) * 4.0 - 1.0, float(gl_VertexID >> 1) * 4.0 - 1.0, 0.0, 1.0);
#else
    gl_Position = uView * vec4(aPos.xyz, 1.0);
#endif
}
