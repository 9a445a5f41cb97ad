// As much work as a pixel of the market is: see Window.Fill.
in vec2 vAt;
out vec4 oColour;
uniform sampler2D uPicture;
void main() {
    vec3 c = texture(uPicture, vAt * 4.0).rgb * 2.0 * vAt.xyx;
    oColour = vec4(mix(uHazeShown, display(c), vAt.y), 1.0);
}
