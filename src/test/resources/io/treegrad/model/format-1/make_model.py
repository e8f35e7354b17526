"""Makes the model of format version 1 that GoldenModelTest reads, from the standard library alone:

    python3 make_model.py        writes model.safetensors, model.json and _SUCCESS beside itself

The files stay as they are for ever: every later version has to read them. They are also what today's writer has to
give, byte for byte. SmallModel.java holds the same numbers.
"""

import hashlib
import json
import pathlib
import struct

HERE = pathlib.Path(__file__).parent


def floats(values):
    return struct.pack(f"<{len(values)}f", *values)


TENSORS = {
    "layers.0.weight": ([2, 3], [0.5, -1.25, 0.1, 2, -0.75, 1e-40]),
    "layers.0.bias": ([2], [0.25, -0.5]),
    "layers.1.weight": ([2, 2], [1.5, -2, 0.3, 16777215]),
    "layers.1.bias": ([2], [-0.0, 3.4028234663852886e38]),
}
theta = b"".join(floats(values) for _, values in TENSORS.values())
weights_sha256 = hashlib.sha256(theta).hexdigest()

header = {"__metadata__": {"format": "treegrad.model", "version": "1", "weightsSha256": weights_sha256}}
begin = 0
for name, (shape, values) in TENSORS.items():
    end = begin + 4 * len(values)
    header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [begin, end]}
    begin = end
text = json.dumps(header, separators=(",", ":")).encode()
text += b" " * (-len(text) % 8)

DESCRIPTION = """{
  "schema": 1,
  "weightsSha256": "%s",
  "network": {
    "widths": [ 3, 2, 2 ],
    "activations": [ "relu", "softmax" ],
    "bias": true,
    "loss": "cross-entropy"
  },
  "scaling": {
    "name": "standard",
    "mean": [ 0.1, 33.31842, -2.0 ],
    "deviation": [ 1.0, 0.3, 78.56749 ]
  },
  "labels": [ "no", "größer" ],
  "provenance": {
    "data": {
      "kind": "csv",
      "description": "digits.csv.gz",
      "rows": {
        "train": 40,
        "validation": 0,
        "test": 8
      },
      "sha256": {
        "digits.csv.gz": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
      }
    },
    "settings": {
      "batch-size": "25",
      "hidden": "2"
    },
    "seed": -7000000000000000001,
    "shards": 4,
    "engine": "tree",
    "blas": "portable 1",
    "cpu": "A CPU of 2 cores",
    "java": "17.0.1",
    "spark": "4.1.0",
    "treegrad": "0.1.0",
    "started": "2026-01-31T12:00:00Z",
    "seconds": 1.5,
    "metrics": {
      "train": {
        "loss": 0.125,
        "accuracy": 1.0
      },
      "test": {
        "loss": 0.25,
        "accuracy": 0.75
      }
    }
  }
}
"""

files = {
    "model.json": (DESCRIPTION % weights_sha256).encode(),
    "model.safetensors": struct.pack("<Q", len(text)) + text + theta,
}
digests = {name: {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()} for name, data in files.items()}
files["_SUCCESS"] = json.dumps({"schema": 1, "files": digests}, separators=(",", ":")).encode()
for name, data in files.items():
    (HERE / name).write_bytes(data)
print(weights_sha256)
