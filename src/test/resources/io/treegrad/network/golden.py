"""Writes golden.csv, the expected values of GoldenTest and InitializationTest: python3 golden.py > golden.csv

Small networks in float64 NumPy: parameters, inputs, labels, outputs, loss and gradient, summed over rows. Inputs and
parameters are multiples of 1/64, so float32 holds them exactly. SplitMix64 and the initial weights are computed in
Python integers from the published algorithm. A line is: case, field, values.
"""

import math

import numpy as np

MASK = (1 << 64) - 1
GAMMA = 0x9E3779B97F4A7C15


def finish(word):
    word = ((word ^ (word >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) & MASK
    return word ^ (word >> 31)


def mix(*words):
    hashed = finish(len(words))
    for word in words:
        hashed = finish((hashed + GAMMA + word) & MASK)
    return hashed


def units(seed):
    """Uniform doubles in [0, 1)."""
    state = seed
    while True:
        state = (state + GAMMA) & MASK
        yield (finish(state) >> 11) * 2.0**-53


def initial(seed, layer, count):
    uniform = units(mix(seed, layer))
    normal = units(mix(seed, layer))
    yield "uniform", [2 * next(uniform) - 1 for _ in range(count)]
    yield "normal", [
        0.1 * math.sqrt(-2 * math.log(1 - next(normal))) * math.cos(2 * math.pi * next(normal)) for _ in range(count)
    ]


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def jacobian_product(name, a, g):
    """dC/dz from dC/da."""
    if name == "softmax":
        return a * (g - (g * a).sum(axis=1, keepdims=True))
    return g * {"sigmoid": a * (1 - a), "tanh": 1 - a * a, "relu": (a > 0) * 1.0, "identity": np.ones_like(a)}[name]


ACTIVATIONS = {
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0),
    "identity": lambda z: z,
    "softmax": softmax,
}


def losses_and_slopes(name, a, t):
    if name == "cross-entropy":
        return -(t * np.log(a)), -t / a
    if name == "binary-cross-entropy":
        return -(t * np.log(a) + (1 - t) * np.log(1 - a)), (a - t) / (a * (1 - a))
    return (a - t) ** 2, 2 * (a - t)


def golden(case, widths, activations, loss, bias, rows, seed, class_weights=None, weighted=False, numbers=None):
    """class_weights: one a class; weighted: rows have weights; numbers: (mean, deviation) of targets that are numbers"""
    random = np.random.default_rng(seed)

    def exact(*shape):
        return np.round(random.normal(0, 0.7, shape) * 64) / 64

    weights = [exact(n, k) for k, n in zip(widths, widths[1:])]
    biases = [exact(n) if bias else np.zeros(n) for n in widths[1:]]
    x = exact(rows, widths[0])
    labels = random.integers(0, max(2, widths[-1]), rows)
    t = labels[:, None] * 1.0 if widths[-1] == 1 else np.eye(widths[-1])[labels]
    row_weights = random.integers(1, 9, rows) / 4 if weighted else np.ones(rows)
    if numbers:
        labels = numbers[0] + numbers[1] * exact(rows)
        t = ((labels - numbers[0]) / numbers[1])[:, None]
    loss_weights = row_weights * (np.array(class_weights)[labels] if class_weights else 1)

    a = [x]
    for w, b, name in zip(weights, biases, activations):
        a.append(ACTIVATIONS[name](a[-1] @ w.T + b))
    losses, slope = losses_and_slopes(loss, a[-1], t)
    total = (loss_weights * losses.sum(axis=1)).sum()
    slope = loss_weights[:, None] * slope
    gradient = []
    for l in reversed(range(len(weights))):
        delta = jacobian_product(activations[l], a[l + 1], slope)
        gradient = [delta.T @ a[l]] + ([delta.sum(axis=0)] if bias else []) + gradient
        slope = delta @ weights[l]

    theta = []
    for w, b in zip(weights, biases):
        theta += [w] + ([b] if bias else [])
    line(case, "widths", widths)
    line(case, "activations", activations)
    line(case, "loss", [loss])
    line(case, "bias", [str(bias).lower()])
    line(case, "theta", np.concatenate([p.ravel() for p in theta]).tolist())
    line(case, "inputs", x.ravel().tolist())
    line(case, "labels", labels.tolist())
    line(case, "outputs", a[-1].ravel().tolist())
    line(case, "lossSum", [float(total)])
    if class_weights:
        line(case, "classWeights", class_weights)
    if weighted:
        line(case, "weights", row_weights.tolist())
        line(case, "lossWeight", [float(loss_weights.sum())])
        metrics(case, a[-1], labels, row_weights, numbers)
    line(case, "gradient", np.concatenate([g.ravel() for g in gradient]).tolist())


def metrics(case, outputs, targets, weights, numbers):
    """By their definitions, each row by its weight."""
    total = weights.sum()
    if numbers:
        errors = numbers[0] + numbers[1] * outputs[:, 0] - targets
        mean = (weights * targets).sum() / total
        line(case, "rmse", [math.sqrt((weights * errors**2).sum() / total)])
        line(case, "mae", [float((weights * abs(errors)).sum() / total)])
        line(case, "r2", [float(1 - (weights * errors**2).sum() / (weights * (targets - mean) ** 2).sum())])
        return
    p = outputs / outputs.sum(axis=1, keepdims=True) if outputs.shape[1] > 1 else np.hstack([1 - outputs, outputs])
    predicted = p.argmax(axis=1)
    rows = np.arange(len(targets))
    recalls, scores = [], []
    for c in range(p.shape[1]):
        true, taken = weights[targets == c].sum(), weights[predicted == c].sum()
        both = weights[(targets == c) & (predicted == c)].sum()
        recalls += [both / true] if true else []
        scores += [2 * both / (true + taken)] if true + taken else []
    line(case, "accuracy", [float(weights[predicted == targets].sum() / total)])
    line(case, "balancedAccuracy", [float(np.mean(recalls))])
    line(case, "macroF1", [float(np.mean(scores))])
    line(case, "worstClassRecall", [float(min(recalls))])
    line(case, "logLoss", [float(-(weights * np.log(p[rows, targets])).sum() / total)])
    if p.shape[1] > 2:
        rank = (p > p[rows, targets][:, None]).sum(axis=1)
        line(case, "top2Accuracy", [float(weights[rank < 2].sum() / total)])
    else:
        pairs = np.outer(weights * (targets == 1), weights * (targets == 0))
        ahead = p[:, 1][:, None] - p[:, 1][None, :]
        line(case, "auc", [float((pairs * ((ahead > 0) + (ahead == 0) / 2)).sum() / pairs.sum())])


def line(case, field, values):
    print(",".join([case, field] + [v if isinstance(v, str) else repr(v) for v in values]))


golden("classifier", [3, 4, 3], ["tanh", "softmax"], "cross-entropy", True, 5, 1)
golden("logistic", [4, 3, 3, 1], ["relu", "sigmoid", "sigmoid"], "binary-cross-entropy", False, 7, 2)
golden("squares", [2, 3, 2, 3], ["sigmoid", "identity", "softmax"], "mse", True, 4, 3)
golden("weighted", [3, 4, 3], ["tanh", "softmax"], "cross-entropy", True, 9, 4, [0.5, 3.0, 1.25], weighted=True)
golden("pair", [3, 4, 1], ["relu", "sigmoid"], "binary-cross-entropy", True, 9, 5, [0.5, 3.0], weighted=True)
golden("numbers", [3, 4, 1], ["tanh", "identity"], "mse", True, 9, 6, weighted=True, numbers=(8.0, 4.0))
for layer in 0, 1:
    for name, values in initial(7, layer, 4):
        line("layer" + str(layer), name, values)
