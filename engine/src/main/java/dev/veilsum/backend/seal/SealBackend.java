package dev.veilsum.backend.seal;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Backend;
import dev.veilsum.backend.BfvBackend;
import dev.veilsum.backend.CkksBackend;
import dev.veilsum.backend.core.CoreBfv;
import dev.veilsum.backend.core.CoreCkks;
import dev.veilsum.backend.core.LastUsed;
import dev.veilsum.nativelib.NativeException;
import dev.veilsum.nativelib.NativeLibrary;
import dev.veilsum.nativelib.seal.SealEngine;
import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.CkksParameters;
import dev.veilsum.params.RlweParameters;
import java.util.Optional;

/**
 * Microsoft SEAL, where this build has it: it evaluates and decrypts. Encoding, keys, encryption
 * and the packed forms are the core's, and so are all objects, which makes tables and keys of one
 * backend those of the other. Parameters need exactly one special prime and digits of one prime.
 */
public final class SealBackend implements Backend {
  private final LastUsed<CkksParameters, CkksBackend> ckks = new LastUsed<>();
  private final LastUsed<BfvParameters, BfvBackend> bfv = new LastUsed<>();

  @Override
  public String name() {
    return "seal";
  }

  @Override
  public String description() {
    return absence()
        .map(reason -> "not available: " + reason)
        .orElseGet(() -> "Microsoft SEAL " + SealEngine.version());
  }

  @Override
  public Optional<String> absence() {
    return NativeLibrary.seal().cause().map(SealBackend::reason);
  }

  private static String reason(NativeException cause) {
    return VeilsumException.fromNative(cause.getMessage(), cause).getMessage();
  }

  @Override
  public CkksBackend ckks(CkksParameters parameters) {
    requirePossible(parameters);
    return ckks.get(parameters, p -> new CoreCkks(p, context -> new SealCkksFunctions(context)));
  }

  @Override
  public BfvBackend bfv(BfvParameters parameters) {
    requirePossible(parameters);
    return bfv.get(parameters, p -> new CoreBfv(p, context -> new SealBfvFunctions(context)));
  }

  private void requirePossible(RlweParameters parameters) {
    absence()
        .ifPresent(
            reason -> {
              throw new VeilsumException(ErrorCode.UNSUPPORTED, "backend seal: " + reason);
            });
    if (parameters.specialPrimes().size() != 1 || parameters.digitPrimes() != 1) {
      throw new VeilsumException(
          ErrorCode.UNSUPPORTED,
          ("Microsoft SEAL switches keys with one special prime and digits of one prime; these"
                  + " parameters have %d special primes and digits of %d: take others, or the"
                  + " backend core")
              .formatted(parameters.specialPrimes().size(), parameters.digitPrimes()));
    }
  }
}
