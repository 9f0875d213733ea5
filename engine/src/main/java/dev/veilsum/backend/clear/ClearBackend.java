package dev.veilsum.backend.clear;

import dev.veilsum.backend.Backend;
import dev.veilsum.backend.BfvBackend;
import dev.veilsum.backend.CkksBackend;
import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.CkksParameters;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The cleartext twin: the same interface with no encryption at all. It keeps the accounts of
 * levels, scales, degrees, keys and message bounds as a real backend does and refuses what that
 * would refuse, noise apart: it has none. Circuits run over it unchanged, and it is what they are
 * checked against. It protects nothing.
 */
public final class ClearBackend implements Backend {
  private final Map<CkksParameters, CkksBackend> ckks = new ConcurrentHashMap<>();
  private final Map<BfvParameters, BfvBackend> bfv = new ConcurrentHashMap<>();

  @Override
  public String name() {
    return "clear";
  }

  @Override
  public String description() {
    return "the cleartext twin: no encryption, for checking circuits";
  }

  @Override
  public CkksBackend ckks(CkksParameters parameters) {
    return ckks.computeIfAbsent(parameters, ClearCkks::new);
  }

  @Override
  public BfvBackend bfv(BfvParameters parameters) {
    return bfv.computeIfAbsent(parameters, ClearBfv::new);
  }

  /** The same twin as BFV's: in the clear the two differ in nothing. */
  @Override
  public BfvBackend bgv(BfvParameters parameters) {
    return bfv(parameters);
  }
}
