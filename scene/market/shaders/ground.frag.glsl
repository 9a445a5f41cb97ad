in vec2 vFloor;
in vec2 vStone;
out vec4 oColour;
uniform sampler2D uPaving; // BAKED: as the screen shows it; else linear
uniform sampler2D uFloor;  // BAKED: what multiplies the stone, of 1.5; else openness, dark inlay, sun, lamps
#ifdef BAKED
in float vAir;
#else
in vec3 vPos;
#endif
#ifdef SHADOW
uniform sampler2DShadow uShadowMap;
uniform sampler2DShadow uMovingMap;
in vec3 vShadow;
#endif
void main() {
    vec3 stone = texture(uPaving, vStone).rgb;
#ifdef BAKED
    oColour = vec4(mix(uHazeShown, stone * texture(uFloor, vFloor).rgb * 1.5, vAir), 1.0);
#else
    vec4 f = texture(uFloor, vFloor);
    stone *= mix(vec3(1.0), vec3(0.62, 0.50, 0.44), f.g);
    float lit = f.b;
#ifdef SHADOW
    lit = min(texture(uShadowMap, vShadow), texture(uMovingMap, inMoving(vShadow)));
#endif
    vec3 c = stone * (uSky * f.r + uLamp * f.a + uSunColour * (uSun.y * lit * (0.4 + 0.6 * f.r)));
    oColour = vec4(display(air(c, vPos)), 1.0);
#endif
}
