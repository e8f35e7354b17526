"""Writes principal-components.csv, the expected values of PrincipalComponentsTest:
python3 principal-components.py > principal-components.csv

Rows are multiples of 1/8, so float32 holds them exactly. The sign of a component: its entry of largest magnitude, the
first of them, is positive. A line is: case, field, values.
"""

import numpy as np


def line(case, field, values):
    print(",".join([case, field] + [repr(float(v)) for v in np.ravel(values)]))


for case, (rows, features) in {"wide": (9, 5), "tall": (64, 13), "flat": (40, 28)}.items():
    random = np.random.default_rng(len(case) + rows)
    data = np.round(8 * random.normal(size=(rows, features)) * (1 + np.arange(features) % 7)) / 8
    if case == "flat":
        data[:, :9] = 1.5  # constant features, as the border of digits
    mean = data.mean(axis=0)
    covariance = (data - mean).T @ (data - mean) / rows
    values, vectors = np.linalg.eigh(covariance)
    top = vectors[:, ::-1][:, :3].T
    top *= np.sign(top[np.arange(3), np.argmax(np.abs(top), axis=1)])[:, None]
    line(case, "mean", mean)
    line(case, "covariance", covariance)
    line(case, "variances", values[::-1][:3])
    line(case, "shares", values[::-1][:3] / values.sum())
    line(case, "directions", top)
    line(case, "row", data[0])
    line(case, "place", top @ (data[0] - mean))
