package dev.veilsum.backend;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
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

  /**
   * BGV (ePrint 2011/277) with these parameters: the keys, plaintexts, packed forms and noise
   * bounds of {@link #bfv}, and other products. They neither lift nor scale, so they are much
   * faster; a product's noise is the product of the noises, so depth is paid with levels: products
   * choose the level that leaves the least noise, and {@code relinearize} leaves its result at the
   * level that the next product wants. Parameters whose chain was made for it spend the least noise
   * ({@code dev.veilsum.params.Presets}).
   *
   * @throws VeilsumException {@code UNSUPPORTED} where this engine has no BGV
   */
  default BfvBackend bgv(BfvParameters parameters) {
    throw new VeilsumException(
        ErrorCode.UNSUPPORTED,
        "backend %s has no BGV; use its BFV, or the backend core".formatted(name()));
  }
}
