package dev.veilsum.table;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;

/** Refuses tables of different keys: what they hold cannot be computed on together. */
final class SameKey {
  private SameKey() {}

  static void require(EncryptedTable a, EncryptedTable b) {
    if (!a.keyId().equals(b.keyId())) {
      throw new VeilsumException(
          ErrorCode.KEY_MISMATCH,
          "%s is under the key %s, and %s is under the key %s; use tables under one key"
              .formatted(a.name(), a.keyId(), b.name(), b.keyId()));
    }
  }
}
