package dev.veilsum.table.where;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.BfvBackend;
import dev.veilsum.backend.CkksBackend;
import dev.veilsum.backend.Reference;
import dev.veilsum.backend.SchemeBackend;
import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.KeyRequirements;
import dev.veilsum.params.NttPrimes;
import dev.veilsum.params.SecurityLevel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Keys of one scheme, and chunks of a twin's rows that are encrypted when they are loaded. */
final class MaskFixture implements AutoCloseable {
  private static final byte[] SEED = new byte[32];
  private static final List<Long> PRIMES = NttPrimes.largest(26, 2048, 2);

  /** 2048 slots, for the twin in the clear, which has no noise. */
  static final BfvParameters SMALL =
      new BfvParameters(
          2048, PRIMES.subList(0, 1), PRIMES.subList(1, 2), 1, 12289, SecurityLevel.DEFAULT);

  final SchemeBackend scheme;
  final Reference.SecretKey secret;
  final Reference.EvaluationKeys keys;
  final MaskEvaluator evaluator;
  final List<Reference.Ciphertext> loaded = new ArrayList<>();
  final Set<String> parts = new HashSet<>();

  MaskFixture(SchemeBackend scheme) {
    this(scheme, scheme.secretKey(SEED.clone()));
  }

  /** With a key that is closed with the fixture. */
  MaskFixture(SchemeBackend scheme, Reference.SecretKey secret) {
    this.scheme = scheme;
    this.secret = secret;
    this.keys = scheme.evaluationKeys(secret, KeyRequirements.relinearization());
    this.evaluator = new MaskEvaluator(scheme, () -> keys);
  }

  int slots() {
    return scheme instanceof CkksBackend ckks
        ? ckks.parameters().slots()
        : ((BfvBackend) scheme).parameters().slots();
  }

  Reference.Ciphertext encrypted(long[] values) {
    int level = scheme.parameters().maxLevel();
    if (scheme instanceof BfvBackend bfv) {
      try (Reference.Plaintext plain = bfv.encode(values, 0, values.length)) {
        return bfv.encryptSeeded(secret, plain, level);
      }
    }
    CkksBackend ckks = (CkksBackend) scheme;
    double[] reals = Arrays.stream(values).asDoubleStream().toArray();
    double scale = ckks.parameters().scale();
    try (Reference.Plaintext plain =
        ckks.encode(reals, 0, reals.length, 1, slots(), level, scale)) {
      return ckks.encryptSeeded(secret, plain);
    }
  }

  MaskChunk chunk(RowsTwin twin, int from, int until) {
    loaded.clear();
    parts.clear();
    return new MaskChunk() {
      @Override
      public int rows() {
        return until - from;
      }

      @Override
      public Reference.Ciphertext load(String column, int part) {
        assertThat(parts.add(column + " " + part)).as("loaded once").isTrue();
        loaded.add(encrypted(twin.part(column, part, from, until)));
        return loaded.get(loaded.size() - 1);
      }

      @Override
      public String token(String column, int row) {
        return (String) twin.rows.get(from + row).get(column);
      }
    };
  }

  /** The bits of a selection in all slots. */
  long[] bits(RowSelection selection, MaskChunk chunk) {
    long[] bits = new long[slots()];
    switch (selection.form()) {
      case ALL -> Arrays.fill(bits, 0, chunk.rows(), 1);
      case NONE -> {}
      case PUBLIC ->
          System.arraycopy(evaluator.publicBits(selection, chunk), 0, bits, 0, chunk.rows());
      case ENCRYPTED -> {
        try (Reference.Ciphertext mask = evaluator.mask(selection, chunk)) {
          assertThat(scheme.degree(mask)).isEqualTo(1);
          decrypt(mask, bits);
        }
        for (Reference.Ciphertext part : loaded) {
          assertThatThrownBy(() -> scheme.level(part))
              .isInstanceOfSatisfying(
                  VeilsumException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CLOSED));
        }
        assertThat(parts).hasSize(selection.cost().ciphertexts());
      }
    }
    return bits;
  }

  private void decrypt(Reference.Ciphertext mask, long[] bits) {
    if (scheme instanceof BfvBackend bfv) {
      bfv.decrypt(secret, mask, bits, 0, bits.length);
      return;
    }
    double[] reals = new double[bits.length];
    ((CkksBackend) scheme).decrypt(secret, mask, reals, 0, reals.length);
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Math.round(reals[i]);
      assertThat(reals[i]).isCloseTo(bits[i], within(1e-3));
    }
  }

  @Override
  public void close() {
    keys.close();
    secret.close();
  }
}
