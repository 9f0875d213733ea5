package dev.veilsum.benchmarks.worker;

import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.CkksParameters;
import dev.veilsum.params.Presets;
import dev.veilsum.params.RlweParameters;
import java.util.Arrays;
import java.util.List;

/**
 * The operations of one group, through the typed API alone: so can a worker run on the jars of
 * another revision. Making one checks the result of each against the cleartext.
 */
interface Works extends AutoCloseable {
  List<Work> all();

  @Override
  void close();

  /**
   * @param group a preset of CKKS or BFV by its name, or {@code paillier-BITS}
   */
  static Works of(String group) {
    if (group.startsWith("paillier-")) {
      return new PaillierWorks(Integer.parseInt(group.substring("paillier-".length())));
    }
    RlweParameters parameters = Presets.named(group).parameters();
    return parameters instanceof CkksParameters ckks
        ? new CkksWorks(ckks)
        : new BfvWorks((BfvParameters) parameters);
  }

  /** The seed of throw-away keys, the same in every run. */
  static byte[] seed() {
    byte[] seed = new byte[32];
    Arrays.fill(seed, (byte) 7);
    return seed;
  }

  /** Throws where a result is wrong. */
  static void check(boolean right, String what) {
    if (!right) {
      throw new AssertionError("wrong result: " + what);
    }
  }
}
