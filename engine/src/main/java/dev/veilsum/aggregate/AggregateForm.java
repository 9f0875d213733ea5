package dev.veilsum.aggregate;

import java.util.Locale;

/** How the sum is written. */
public enum AggregateForm {
  /**
   * One polynomial and the list of seeds: small, can be merged; the decryptor expands the seeds.
   */
  COMPACT,
  /** Two polynomials: the aggregator has expanded the seeds. */
  READY;

  /** The name in metadata. */
  String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
