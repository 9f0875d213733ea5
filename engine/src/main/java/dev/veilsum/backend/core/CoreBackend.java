package dev.veilsum.backend.core;

import dev.veilsum.backend.Backend;
import dev.veilsum.backend.BfvBackend;
import dev.veilsum.backend.CkksBackend;
import dev.veilsum.nativelib.Core;
import dev.veilsum.nativelib.NativeLibrary;
import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.CkksParameters;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Veilsum's own engine: the native core of this jar. */
public final class CoreBackend implements Backend {
  private final Map<CkksParameters, CkksBackend> ckks = new ConcurrentHashMap<>();
  private final Map<BfvParameters, BfvBackend> bfv = new ConcurrentHashMap<>();
  private final Map<BfvParameters, BfvBackend> bgv = new ConcurrentHashMap<>();

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
    return ckks.computeIfAbsent(parameters, FusedCkks::new);
  }

  @Override
  public BfvBackend bfv(BfvParameters parameters) {
    return bfv.computeIfAbsent(parameters, p -> new CoreBfv(p, context -> new BfvFunctions()));
  }

  @Override
  public BfvBackend bgv(BfvParameters parameters) {
    return bgv.computeIfAbsent(parameters, CoreBgv::new);
  }
}
