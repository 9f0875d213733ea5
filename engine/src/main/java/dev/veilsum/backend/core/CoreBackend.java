package dev.veilsum.backend.core;

import dev.veilsum.backend.Backend;
import dev.veilsum.backend.BfvBackend;
import dev.veilsum.backend.CkksBackend;
import dev.veilsum.nativelib.Core;
import dev.veilsum.nativelib.NativeLibrary;
import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.CkksParameters;

/** Veilsum's own engine: the native core of this jar. */
public final class CoreBackend implements Backend {
  private final LastUsed<CkksParameters, CkksBackend> ckks = new LastUsed<>();
  private final LastUsed<BfvParameters, BfvBackend> bfv = new LastUsed<>();
  private final LastUsed<BfvParameters, BfvBackend> bgv = new LastUsed<>();

  @Override
  public String name() {
    return "core";
  }

  @Override
  public String description() {
    return NativeLibrary.core()
        .cause()
        .map(cause -> "not available: " + cause.getMessage())
        .orElseGet(() -> "Veilsum " + Core.version() + ", " + Core.activeIsa());
  }

  @Override
  public CkksBackend ckks(CkksParameters parameters) {
    return ckks.get(parameters, FusedCkks::new);
  }

  @Override
  public BfvBackend bfv(BfvParameters parameters) {
    return bfv.get(parameters, p -> new CoreBfv(p, context -> new BfvFunctions()));
  }

  @Override
  public BfvBackend bgv(BfvParameters parameters) {
    return bgv.get(parameters, CoreBgv::new);
  }
}
