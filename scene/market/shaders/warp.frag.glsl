in vec2 vRed;
in vec2 vGreen;
in vec2 vBlue;
in float vShade;
out vec4 oColour;
uniform sampler2D uPicture;
void main() {
#ifdef CHROMATIC
    vec3 c = vec3(texture(uPicture, vRed).r, texture(uPicture, vGreen).g, texture(uPicture, vBlue).b);
#else
    vec3 c = texture(uPicture, vGreen).rgb;
#endif
    oColour = vec4(c * vShade, 1.0);
}
