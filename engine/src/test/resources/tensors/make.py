# Writes the files of this folder: python3 make.py (versions in README.txt).
import hashlib
import warnings
import zipfile
import ml_dtypes
import numpy as np
import safetensors.numpy

BFLOAT16 = ml_dtypes.bfloat16
TYPES = {"f2": "float16", "f4": "float32", "f8": "float64", "V2": "bfloat16"}
VALUES = [0.0, -0.0, 1.0, -1.5, 1 / 3, np.pi, 65504.0, 2.0**-24, -(2.0**-14), 1e-7, 0.1, -1234.5678]

expected = []


def expect(file, name, array):
    shape = ",".join(map(str, array.shape))
    values = " ".join(float(v).hex() for v in array.astype(np.float64).ravel(order="C"))
    kind = "bfloat16" if array.dtype == BFLOAT16 else TYPES[array.dtype.str[1:]]
    expected.append(f"{file}|{name}|{kind}|{shape}|{values}")


def npy(file, array, version=(1, 0)):
    with open(file, "wb") as out, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        np.lib.format.write_array(out, array, version=version)


for descr, version in [
    ("<f2", (1, 0)), (">f2", (2, 0)), ("<f4", (1, 0)), (">f4", (3, 0)), ("<f8", (2, 0)), (">f8", (1, 0)),
]:
    array = np.array(VALUES, dtype=descr).reshape(3, 4)
    file = f"{descr[1:]}-{'little' if descr[0] == '<' else 'big'}-v{version[0]}.npy"
    npy(file, array, version)
    expect(file, "", array)

for file, array in {
    "scalar.npy": np.array(0.75, dtype="<f4"),
    "vector.npy": np.array(VALUES, dtype="<f8"),
    "five-dimensions.npy": np.arange(48, dtype="<f4").reshape(2, 1, 3, 4, 2) / 8,
}.items():
    npy(file, array)
    expect(file, "", array)

# Refused.
npy("fortran.npy", np.asfortranarray(np.array(VALUES, dtype="<f4").reshape(3, 4)))
npy("int64.npy", np.arange(3, dtype="<i8"))
npy("bool.npy", np.array([True, False]))
npy("complex64.npy", np.array([1 + 2j], dtype="<c8"))
npy("float128.npy", np.array([1], dtype=np.longdouble))
npy("structured.npy", np.zeros(2, dtype=[("a", "<f4"), ("b", "<i4")]))
npy("objects.npy", np.array([None, 1], dtype=object))
npy("bfloat16.npy", np.array([1, 2], dtype=BFLOAT16))
npy("empty.npy", np.zeros((0, 3), dtype="<f4"))
npy("nan.npy", np.array([[1, 2, 3], [4, 5, np.nan]], dtype="<f4"))

arrays = {
    "layer/weight": np.array(VALUES, dtype="<f4").reshape(2, 6),
    "layer/bias": np.array(VALUES[:5], dtype="<f2"),
    "größe": np.array(VALUES, dtype=">f8"),
}
long = {"ramp": np.arange(40_000, dtype="<f4") % 250 / 8, "step": np.array([0.5], dtype="<f4")}
np.savez("stored.npz", **arrays)
np.savez_compressed("deflated.npz", **arrays)
np.savez_compressed("long.npz", **long)
np.savez("positional.npz", np.array(VALUES, dtype="<f4"))
np.savez("integers.npz", count=np.arange(2))
zipfile.ZIP64_LIMIT = 0  # sizes and places in ZIP64 fields, as above 4 GiB
np.savez("zip64.npz", **arrays)
for file in ["stored.npz", "deflated.npz", "zip64.npz"]:
    for name, array in arrays.items():
        expect(file, name, array)
expect("positional.npz", "arr_0", np.array(VALUES, dtype="<f4"))

tensors = {
    "wide": np.array(VALUES, dtype="<f8").reshape(3, 4),
    "weight": np.array(VALUES, dtype="<f4").reshape(2, 2, 3),
    "half": np.array(VALUES[:5], dtype="<f2"),
    "brain": np.array(VALUES[:7], dtype=BFLOAT16),
    "one \"quoted\" ß": np.array(0.25, dtype="<f4"),
}
safetensors.numpy.save_file(tensors, "all.safetensors", metadata={"format": "np", "note": "α"})
safetensors.numpy.save_file(tensors, "bare.safetensors")
safetensors.numpy.save_file({"steps": np.arange(3)}, "int64.safetensors")
safetensors.numpy.save_file({"none": np.zeros((0, 3), dtype="<f4")}, "empty.safetensors")
safetensors.numpy.save_file(
    {"w": np.array([[1, 2], [-np.inf, 4]], dtype="<f8")}, "infinite.safetensors")
for file in ["all.safetensors", "bare.safetensors"]:
    for name, array in tensors.items():
        expect(file, name, array)

with open("expected.txt", "w", encoding="utf-8") as out:
    out.write("\n".join(expected) + "\n")


# What all 65536 patterns of 16 bits are as float32 (NaNs as 0x7fc00000), and what is rounded to
# each positive one: the middle of it and the next, and the numbers beside the middle.
def digest(array):
    return hashlib.sha256(array.tobytes()).hexdigest()


with open("sixteen-bits.txt", "w") as out:
    for name, kind, wide, infinity in [
        ("float16", np.float16, np.float64, 0x7C00), ("bfloat16", BFLOAT16, np.float32, 0x7F80),
    ]:
        patterns = np.arange(65536, dtype=np.uint16)
        floats = patterns.view(kind).astype("<f4")
        floats = np.where(np.isnan(floats), np.uint32(0x7FC00000).view(np.float32), floats)
        low = patterns[: infinity - 1].view(kind).astype(wide)
        high = patterns[1:infinity].view(kind).astype(wide)
        middle = low + (high - low) / 2
        near = np.stack([np.nextafter(middle, low), middle, np.nextafter(middle, high)], axis=1)
        rounded = near.astype(kind).view("<u2")
        out.write(f"{name} {digest(floats.astype('<f4'))} {digest(rounded)}\n")
