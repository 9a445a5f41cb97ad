"""Golden gradients for TestGradientsAgreeWithALibrarysAutograd, by JAX in float64.

    pip install jax && python gradients.py > gradients.json

The network is written here from docs/models/self-attention.md, sequence by
sequence and without packing, so that it shares nothing with the Go code. The
weights come from a formula that both sides compute.
"""
import json
import math

import jax
import jax.numpy as jnp

jax.config.update("jax_enable_x64", True)

ITEMS, DIM, HEADS, BLOCKS, INNER, LENGTH = 23, 12, 3, 2, 20, 9
SEQUENCES = [[3, 7, 1, 22, 9, 9, 4], [5, 2], [0, 11, 12, 13, 14, 15, 16, 17, 18, 19], [8, 8, 20]]


def shapes():
    out = [("items", (ITEMS, DIM)), ("positions", (LENGTH, DIM))]
    for i in range(BLOCKS):
        b = f"block{i}."
        out += [
            (b + "attention.norm.gain", (DIM,)), (b + "attention.norm.bias", (DIM,)),
            (b + "attention.qkv", (DIM, 3 * DIM)), (b + "attention.qkv.bias", (3 * DIM,)),
            (b + "attention.out", (DIM, DIM)), (b + "attention.out.bias", (DIM,)),
            (b + "attention.distance", (HEADS, LENGTH)),
            (b + "forward.norm.gain", (DIM,)), (b + "forward.norm.bias", (DIM,)),
            (b + "forward.up", (DIM, INNER)), (b + "forward.up.bias", (INNER,)),
            (b + "forward.down", (INNER, DIM)), (b + "forward.down.bias", (DIM,)),
        ]
    return out + [("norm.gain", (DIM,)), ("norm.bias", (DIM,))]


def weights():
    out, at = {}, 0
    for name, shape in shapes():
        n = math.prod(shape)
        values = [0.5 * math.sin(0.7 * (at + i) + 0.3) for i in range(n)]
        if name.endswith("gain"):
            values = [1 + v for v in values]
        out[name] = jnp.array(values).reshape(shape)
        at += n
    return out


def norm(x, gain, bias):
    mean = x.mean(-1, keepdims=True)
    variance = ((x - mean) ** 2).mean(-1, keepdims=True)
    return (x - mean) / jnp.sqrt(variance + 1e-6) * gain + bias


def gelu(x):
    return 0.5 * x * (1 + jnp.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


def outputs(w, tokens):
    n = len(tokens)
    x = w["items"][jnp.array(tokens)] * math.sqrt(DIM) + w["positions"][:n]
    width = DIM // HEADS
    row, col = jnp.arange(n)[:, None], jnp.arange(n)[None, :]
    for i in range(BLOCKS):
        b = f"block{i}."
        u = norm(x, w[b + "attention.norm.gain"], w[b + "attention.norm.bias"])
        q, k, v = jnp.split(u @ w[b + "attention.qkv"] + w[b + "attention.qkv.bias"], 3, axis=1)
        heads = []
        for h in range(HEADS):
            s = slice(h * width, (h + 1) * width)
            scores = q[:, s] @ k[:, s].T / math.sqrt(width) + w[b + "attention.distance"][h][jnp.maximum(row - col, 0)]
            heads.append(jax.nn.softmax(jnp.where(col <= row, scores, -jnp.inf), axis=1) @ v[:, s])
        x = x + jnp.concatenate(heads, axis=1) @ w[b + "attention.out"] + w[b + "attention.out.bias"]
        u = norm(x, w[b + "forward.norm.gain"], w[b + "forward.norm.bias"])
        x = x + gelu(u @ w[b + "forward.up"] + w[b + "forward.up.bias"]) @ w[b + "forward.down"] + w[b + "forward.down.bias"]
    return norm(x, w["norm.gain"], w["norm.bias"])


def loss(w):
    losses = []
    for s in SEQUENCES:
        scores = outputs(w, s[:-1]) @ w["items"].T
        losses.append(-jax.nn.log_softmax(scores, axis=1)[jnp.arange(len(s) - 1), jnp.array(s[1:])])
    return jnp.concatenate(losses).mean()


value, gradients = jax.value_and_grad(loss)(weights())
print(json.dumps({
    "Loss": float(value),
    "Sequences": SEQUENCES,
    "Gradients": {name: [float(f"{g:.9g}") for g in gradients[name].reshape(-1)] for name, _ in shapes()},
}, indent=None, separators=(",", ":")))
