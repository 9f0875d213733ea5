package dev.veilsum.backend;

import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.CkksParameters;
import java.util.Optional;

/**
 * An engine that computes what the typed scheme API asks: {@code core} (Veilsum's own), {@code
 * seal} (Microsoft SEAL) or {@code clear} (no encryption at all: the twin that circuits are checked
 * against). Everything that a backend returns may be used from any number of threads at once.
 */
public interface Backend {
  /** The name in {@code --backend} and in {@code info}. */
  String name();

  /** One line for {@code info}: version, instruction set. */
  String description();

  /** Why this engine cannot be used in this build or on this machine; empty where it can. */
  default Optional<String> absence() {
    return Optional.empty();
  }

  /**
   * CKKS with these parameters, every table computed. Costs milliseconds; kept and shared.
   *
   * @throws dev.veilsum.VeilsumException {@code UNSUPPORTED} where this engine cannot do them
   */
  CkksBackend ckks(CkksParameters parameters);

  /** BFV with these parameters, as {@link #ckks}. */
  BfvBackend bfv(BfvParameters parameters);
}
