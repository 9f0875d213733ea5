package dev.veilsum.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.veilsum.backend.Backends;
import dev.veilsum.backend.BfvBackend;
import dev.veilsum.backend.Reference;
import dev.veilsum.backend.SchemeBackend;
import dev.veilsum.keys.MasterKey;
import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.KeyRequirements;
import dev.veilsum.params.SecurityLevel;
import dev.veilsum.table.TableScheme.Depth;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The deep parameters of tables hold the products that they promise. */
class DeepIntegersTest {
  @Test
  void threeProductsInARowAndATotalOfThem() {
    BfvParameters set = TableScheme.integer(Depth.DEEP);
    assertThat(set.security()).isEqualTo(SecurityLevel.CLASSICAL_128);
    assertThat(set.logQP()).isLessThanOrEqualTo(430);
    assertThat(set.batches()).isTrue();
    assertThat(BigInteger.valueOf(set.plainModulus()).bitLength()).isEqualTo(54);

    SchemeBackend scheme = TableScheme.on(Backends.byDefault(), set);
    BfvBackend bfv = (BfvBackend) scheme;
    BigInteger t = BigInteger.valueOf(set.plainModulus());
    Random random = new Random(3);
    BigInteger[] truth = new BigInteger[set.slots()];
    long[] found = new long[set.slots()];
    try (MasterKey master = MasterKey.generate();
        Reference.SecretKey secret = TableScheme.secretKey(master, scheme);
        Reference.PublicKey key = bfv.publicKey(secret);
        Reference.EvaluationKeys keys =
            bfv.evaluationKeys(secret, KeyRequirements.relinearization())) {
      Reference.Ciphertext product = random(bfv, key, random, truth, true);
      for (int i = 0; i < Depth.DEEP.products(); i++) {
        try (Reference.Ciphertext before = product;
            Reference.Ciphertext factor = random(bfv, key, random, truth, false)) {
          product = bfv.multiplyRelinearize(before, factor, keys);
        }
      }
      // A total of 2^24 such products takes 24 bits more.
      assertThat(bfv.noiseBudgetBits(product)).isGreaterThan(24);
      bfv.decrypt(secret, product, found, 0, found.length);
      product.close();
    }
    for (int i = 0; i < found.length; i++) {
      assertThat(BigInteger.valueOf(found[i]).mod(t)).isEqualTo(truth[i].mod(t));
    }
  }

  /**
   * Random values of the whole range, by which the truth is multiplied, or which it begins with.
   */
  private static Reference.Ciphertext random(
      BfvBackend bfv, Reference.PublicKey key, Random random, BigInteger[] truth, boolean first) {
    BfvParameters set = bfv.parameters();
    long[] values = random.longs(truth.length, set.minValue(), set.maxValue()).toArray();
    for (int i = 0; i < truth.length; i++) {
      BigInteger value = BigInteger.valueOf(values[i]);
      truth[i] = first ? value : truth[i].multiply(value);
    }
    try (Reference.Plaintext plain = bfv.encode(values, 0, values.length)) {
      return bfv.encrypt(key, plain, set.maxLevel());
    }
  }
}
