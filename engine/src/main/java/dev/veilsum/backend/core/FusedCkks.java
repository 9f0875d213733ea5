package dev.veilsum.backend.core;

import dev.veilsum.backend.BabyGiantPlan;
import dev.veilsum.backend.CkksBackend;
import dev.veilsum.backend.Diagonals;
import dev.veilsum.backend.Reference;
import dev.veilsum.nativelib.CallObject;
import dev.veilsum.nativelib.CkksCore;
import dev.veilsum.nativelib.NativeHandle;
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

  @Override
  public Reference.LinearTransform linearTransform(
      Diagonals diagonals, int babySteps, int level, double scale) {
    BabyGiantPlan plan = CkksBackend.plan(diagonals, babySteps, parameters().slots());
    int d = diagonals.dimension();
    NativeHandle transform =
        Calls.own(
            () ->
                schemeContext()
                    .apply(
                        context -> {
                          try (CallObject values =
                              CallObject.own(() -> CkksCore.diagonals(context))) {
                            for (int k : diagonals.indices()) {
                              put(context, values.address(), diagonals, k);
                            }
                            return CkksCore.linearTransform(
                                context, values.address(), d, babySteps, level, scale);
                          }
                        }));
    return new CoreReference.LinearTransform(parameters(), transform, plan);
  }

  private static void put(long context, long to, Diagonals diagonals, int k) {
    int d = diagonals.dimension();
    double[] real = diagonals.real(k);
    double[] imaginary = diagonals.imaginary(k);
    try (CallObject slots = CallObject.own(() -> CkksCore.slots(context, d, d))) {
      CkksCore.putComplex(slots.address(), real, imaginary, 0, d);
      CkksCore.putDiagonal(to, k, slots.address());
    }
  }

  @Override
  public Reference.Ciphertext apply(
      Reference.LinearTransform transform, Reference.Ciphertext a, Reference.EvaluationKeys keys) {
    NativeHandle matrix = handle(transform);
    return on(a, keys, (c, k) -> matrix.apply(t -> CkksCore.apply(t, c, k)));
  }

  @Override
  public Reference.Ciphertext applyRescale(
      Reference.LinearTransform transform, Reference.Ciphertext a, Reference.EvaluationKeys keys) {
    NativeHandle matrix = handle(transform);
    return on(a, keys, (c, k) -> matrix.apply(t -> CkksCore.applyRescale(t, c, k)));
  }
}
