"""A round of encrypted updates from Python, through the command veilsum: see docs/aggregation.md.

Clients call encrypted() and decrypted(), the server calls aggregated(); bytes go between them by
whatever carries messages today. Arrays are NumPy's, by name.
"""

import os
import pathlib
import shlex
import subprocess
import tempfile

import numpy as np

# The same for all clients: bits of a number, the largest change of a parameter, and the most that
# the clients' numbers of samples add up to, together and one by one. A threshold key says all of
# this by itself, but for --clip.
ROUND = ["--bits", "8", "--clip", "0.1", "--weight-sum", "65536", "--max-weight", "4096"]


def veilsum(*arguments):
    command = shlex.split(os.environ.get("VEILSUM", "veilsum"))
    subprocess.run(command + ["-q", *map(str, arguments)], check=True)


def encrypted(key, round_name, client, samples, arrays):
    """A client's update: the bytes that it sends instead of its arrays."""
    with tempfile.TemporaryDirectory() as folder:
        plain, update = pathlib.Path(folder, "update.npz"), pathlib.Path(folder, "update.vsm")
        np.savez(plain, **arrays)
        veilsum("gradient", "encrypt", "-k", key, "--round", round_name, "--client", client,
                "--weight", samples, *ROUND, "-o", update, plain)
        return update.read_bytes()


def aggregated(round_name, updates, minimum=3):
    """The server, which has no key: the encrypted sum of the updates that came, weighted."""
    with tempfile.TemporaryDirectory() as folder:
        for i, update in enumerate(updates):
            pathlib.Path(folder, f"{i:06}.vsm").write_bytes(update)
        total = pathlib.Path(folder, "sum")
        veilsum("aggregate", "--round", round_name, "--min-cohort", minimum, "-o", total, folder)
        return total.read_bytes()


def decrypted(key, total, minimum=3):
    """A client: the weighted mean of all clients' arrays."""
    with tempfile.TemporaryDirectory() as folder:
        path, mean = pathlib.Path(folder, "sum.vsm"), pathlib.Path(folder, "mean.npz")
        path.write_bytes(total)
        veilsum("gradient", "decrypt", "-k", key, "--min-cohort", minimum, "-o", mean, path)
        with np.load(mean) as arrays:
            return dict(arrays)
