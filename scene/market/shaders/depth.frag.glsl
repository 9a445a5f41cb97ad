// Only depth is kept.
in vec4 vColour;
void main() {}
