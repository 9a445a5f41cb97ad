layout(location = 0) in vec3 aPos;
out vec4 vColour;
void main() {
    vColour = vec4(0.0);
    gl_Position = uView * vec4(aPos, 1.0);
}
