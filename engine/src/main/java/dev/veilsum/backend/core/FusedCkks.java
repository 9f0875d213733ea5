package dev.veilsum.backend.core;

import dev.veilsum.backend.Reference;
import dev.veilsum.nativelib.CkksCore;
import dev.veilsum.params.CkksParameters;

/** CKKS on the native core, with its steps that do several operations in one. */
final class FusedCkks extends CoreCkks {
  FusedCkks(CkksParameters parameters) {
    super(parameters, context -> new CkksFunctions());
  }

  @Override
  public Reference.Ciphertext relinearizeRescale(
      Reference.Ciphertext a, Reference.EvaluationKeys keys) {
    return on(a, keys, CkksCore::relinearizeRescale);
  }

  @Override
  public Reference.Ciphertext adjust(Reference.Ciphertext a, int level, double scale) {
    return on(a, c -> CkksCore.adjust(c, level, scale));
  }
}
