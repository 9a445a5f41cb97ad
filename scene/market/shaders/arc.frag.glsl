in float vPart;
out vec4 oColour;
uniform vec4 uInk; // premultiplied
void main() {
#ifdef FADE
    oColour = uInk;
#else
    oColour = uInk * vPart;
#endif
}
