out vec4 oColour;
#ifdef VIGNETTE
in float vDark;
void main() { oColour = vec4(0.0, 0.0, 0.0, vDark); }
#else
in vec2 vText;
uniform sampler2D uImage;
void main() { oColour = texture(uImage, vText); }
#endif
