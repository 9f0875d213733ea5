package dev.veilsum.circuit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Backend;
import dev.veilsum.backend.Backends;
import dev.veilsum.backend.TestSets;
import dev.veilsum.backend.clear.ClearBackend;
import dev.veilsum.bfv.BfvCiphertext;
import dev.veilsum.bfv.BfvContext;
import dev.veilsum.bfv.BfvFlooding;
import dev.veilsum.bfv.BfvPublicKey;
import dev.veilsum.bfv.BfvSecretKey;
import dev.veilsum.bfv.IntegerRange;
import dev.veilsum.circuit.BlindedMaximum.Contribution;
import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.NttPrimes;
import dev.veilsum.params.Presets;
import dev.veilsum.params.SecurityLevel;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The maximum is exact, and the slots beneath it tell nothing. */
@Tag("exact")
class BlindedMaximumTest {
  private static final BfvParameters SET = Presets.BFV_8192.parameters();

  static List<Backend> backends() {
    return Backends.all();
  }

  /** N = 2048, no switching keys: small enough for a thousand owners. */
  private static BfvParameters small() {
    List<Long> primes = NttPrimes.largest(26, 2048, 2);
    return new BfvParameters(2048, primes, List.of(), 1, 12289, SecurityLevel.DEFAULT);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 10, 100, 1000})
  void exactForAnyNumberOfOwners(int owners) {
    BfvContext bfv = BfvContext.create(small(), new ClearBackend());
    Random random = new Random(owners);
    for (int buckets : new int[] {1, 2, 300, 2048}) {
      int[] values = random.ints(owners, 0, random.nextInt(buckets) + 1).toArray();
      assertThat(maximum(bfv, buckets, values))
          .isEqualTo(Arrays.stream(values).max().orElseThrow());
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void exactWhereEncrypted(Backend backend) {
    TestSets.assumePresent(backend);
    BfvContext bfv = BfvContext.create(TestSets.fitting(backend, SET), backend);
    int[] values = new Random(20).ints(20, 0, 8000).toArray();
    assertThat(maximum(bfv, 8192, values)).isEqualTo(Arrays.stream(values).max().orElseThrow());
    assertThat(maximum(bfv, 100, 99, 99, 99)).isEqualTo(99);
    assertThat(maximum(bfv, 100, 0)).isZero();
  }

  private static int maximum(BfvContext bfv, int buckets, int... values) {
    BlindedMaximum circuit = new BlindedMaximum(buckets, values.length);
    try (BfvSecretKey secret = bfv.secretKey(TestSets.seed(31));
        BfvPublicKey key = secret.publicKey();
        BlindedMaximum.Tally tally = circuit.tally(bfv)) {
      for (int value : values) {
        try (Contribution c = circuit.contribute(bfv, key.encryptor(), value)) {
          tally.add(c);
        }
      }
      try (BfvCiphertext released = tally.release(key.encryptor(), BfvFlooding.DEFAULT)) {
        return circuit.open(secret.decryptor(), released).orElseThrow();
      }
    }
  }

  /**
   * Chi-square over 64 classes: 63 expected, 11 the deviation; sums that are not blinded have 10^5.
   */
  @Test
  void slotsBelowTheMaximumAreUniform() {
    BfvContext bfv = BfvContext.create(SET, Backends.byDefault());
    int maximum = 8100;
    BlindedMaximum circuit = new BlindedMaximum(8192, 3);
    try (BfvSecretKey secret = bfv.secretKey(TestSets.seed(32));
        BfvPublicKey key = secret.publicKey();
        BlindedMaximum.Tally tally = circuit.tally(bfv);
        Contribution one = circuit.contribute(bfv, key.encryptor(), maximum);
        Contribution other = circuit.contribute(bfv, key.encryptor(), 5000)) {
      tally.add(one);
      tally.add(other);
      try (BfvCiphertext released = tally.release(key.encryptor(), BfvFlooding.DEFAULT);
          BfvCiphertext again = tally.release(key.encryptor(), BfvFlooding.DEFAULT);
          BfvCiphertext bare = bfv.evaluator().add(one.reached(), other.reached())) {
        long[] slots = secret.decryptor().decrypt(released);
        long[] repeated = secret.decryptor().decrypt(again);
        assertThat(slots[maximum]).isNotZero();
        assertThat(Arrays.copyOfRange(slots, maximum + 1, 8192)).containsOnly(0);
        assertThat(chiSquare(Arrays.copyOf(slots, maximum))).isLessThan(200);
        // Both what one owner reached and what both did: the two kinds of slots beneath it.
        assertThat(chiSquare(Arrays.copyOfRange(slots, 5001, maximum))).isLessThan(200);
        assertThat(chiSquare(Arrays.copyOf(slots, 5000))).isLessThan(200);
        long[] differences = new long[maximum];
        for (int j = 0; j < maximum; j++) {
          differences[j] = slots[j] - repeated[j];
        }
        assertThat(chiSquare(differences)).isLessThan(200);
        assertThat(chiSquare(Arrays.copyOf(secret.decryptor().decrypt(bare), maximum)))
            .isGreaterThan(10_000);
      }
    }
  }

  private static double chiSquare(long[] values) {
    int classes = 64;
    int[] counts = new int[classes];
    for (long value : values) {
      counts[(int) (Math.floorMod(value, SET.plainModulus()) * classes / SET.plainModulus())]++;
    }
    double expected = (double) values.length / classes;
    return Arrays.stream(counts).mapToDouble(c -> (c - expected) * (c - expected)).sum() / expected;
  }

  /** The stated noise grows by what the formula asks for, and the true integers stay. */
  @Test
  void floodingIsWideEnoughForItsBound() {
    BfvContext bfv = BfvContext.create(SET, Backends.byDefault());
    BfvFlooding flooding = new BfvFlooding(50);
    try (BfvSecretKey secret = bfv.secretKey(TestSets.seed(33));
        BfvPublicKey key = secret.publicKey();
        BfvCiphertext c = key.encryptor().encrypt(new long[] {1, -2, 3}, IntegerRange.of(-9, 9));
        BfvCiphertext flooded = flooding.apply(c, key.encryptor())) {
      double grown = flooded.noiseBoundBits() - c.noiseBoundBits();
      assertThat(grown).isBetween(13.0 + 50, 13.0 + 50 + 13);
      assertThat(grown).isLessThan(flooding.bits(SET) + 2);
      assertThat(Arrays.copyOf(secret.decryptor().decrypt(flooded), 4))
          .containsExactly(1, -2, 3, 0);
      try (BfvCiphertext low = bfv.evaluator().switchToLevel(c, 0)) {
        assertThatThrownBy(() -> flooding.apply(low, key.encryptor()))
            .isInstanceOfSatisfying(
                VeilsumException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOISE_BUDGET))
            .hasMessageContaining("50 statistical bits");
      }
    }
  }

  @Test
  void whatDoesNotFitIsRefused() {
    BfvContext bfv = BfvContext.create(small(), new ClearBackend());
    try (BfvSecretKey secret = bfv.secretKey(TestSets.seed(34));
        BfvPublicKey key = secret.publicKey()) {
      refused(() -> new BlindedMaximum(2049, 5).tally(bfv), ErrorCode.OUT_OF_RANGE, "2048 slots");
      refused(() -> new BlindedMaximum(9, 6145).tally(bfv), ErrorCode.OUT_OF_RANGE, "up to 6144");
      BlindedMaximum circuit = new BlindedMaximum(9, 1);
      refused(
          () -> circuit.contribute(bfv, key.encryptor(), 9), ErrorCode.OUT_OF_RANGE, "from 0 to 8");
      try (BlindedMaximum.Tally tally = circuit.tally(bfv);
          Contribution c = circuit.contribute(bfv, key.encryptor(), 8)) {
        refused(
            () -> tally.release(key.encryptor(), BfvFlooding.DEFAULT), ErrorCode.USAGE, "nobody");
        tally.add(c);
        refused(() -> tally.add(c), ErrorCode.OUT_OF_RANGE, "one more came");
      }
    }
  }

  private static void refused(Runnable call, ErrorCode code, String message) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(VeilsumException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(message);
  }
}
