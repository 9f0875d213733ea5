package dev.veilsum.table;

import dev.veilsum.backend.CkksBackend;
import dev.veilsum.backend.Reference;
import dev.veilsum.backend.SchemeBackend;
import java.util.List;

/**
 * Brings ciphertexts of columns with different ranges together. Their scales differ by powers of
 * two ({@link ColumnBuffer.Reals}), so the one of the smaller scale is multiplied by a whole
 * number: exact, and without a level.
 */
final class Scales {
  private Scales() {}

  static Reference.Ciphertext add(
      SchemeBackend scheme, Reference.Ciphertext a, Reference.Ciphertext b) {
    try (Reference.Ciphertext left = raised(scheme, a, b);
        Reference.Ciphertext right = raised(scheme, b, a)) {
      return scheme.add(left, right);
    }
  }

  static Reference.Ciphertext subtract(
      SchemeBackend scheme, Reference.Ciphertext a, Reference.Ciphertext b) {
    try (Reference.Ciphertext left = raised(scheme, a, b);
        Reference.Ciphertext right = raised(scheme, b, a)) {
      return scheme.subtract(left, right);
    }
  }

  /** {@code a} at the larger of the two scales, as a new reference. */
  private static Reference.Ciphertext raised(
      SchemeBackend scheme, Reference.Ciphertext a, Reference.Ciphertext b) {
    if (scheme instanceof CkksBackend ckks) {
      double ratio = ckks.scale(b) / ckks.scale(a);
      if (ratio > 1) {
        return ckks.multiplyScalar(a, 1, ratio);
      }
    }
    return scheme.sum(List.of(a));
  }
}
