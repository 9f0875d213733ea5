package dev.veilsum.backend.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Backend;
import dev.veilsum.backend.Backends;
import dev.veilsum.backend.SchemeBackend.PackedSwitchKey;
import dev.veilsum.backend.TestSets;
import dev.veilsum.bfv.BfvCiphertext;
import dev.veilsum.bfv.BfvContext;
import dev.veilsum.bfv.BfvEvaluationKeys;
import dev.veilsum.bfv.BfvEvaluator;
import dev.veilsum.bfv.BfvPlaintext;
import dev.veilsum.bfv.BfvSecretKey;
import dev.veilsum.nativelib.NativeMemory;
import dev.veilsum.nativelib.seal.SealEngine;
import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.KeyRequirements;
import dev.veilsum.params.Presets;
import dev.veilsum.params.SwitchKey;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is SEAL's alone; all else is in the contracts that every backend keeps. */
class SealBackendTest {
  private static final Backend SEAL = Backends.named("seal");
  private static final BfvParameters PARAMETERS = TestSets.smallBfv();
  private static final KeyRequirements KEYS =
      KeyRequirements.rotations(1).with(SwitchKey.RELINEARIZATION);

  /** The description and the errors say that it is there, or how to get it. */
  @Test
  void sealIsThereOrSaysHowToGetIt() {
    if (SEAL.absence().isEmpty()) {
      assertThat(SEAL.description()).matches("Microsoft SEAL 4\\.[1-9][0-9]*\\.[0-9]+");
      return;
    }
    assertThat(SEAL.absence().get())
        .contains("SEAL 4.1 or later", "vcpkg install seal", "brew install seal", "conda-forge");
    assertThat(SEAL.description()).contains(SEAL.absence().get());
    assertThatThrownBy(() -> SEAL.bfv(PARAMETERS))
        .isInstanceOfSatisfying(
            VeilsumException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED))
        .hasMessageContaining("vcpkg");
  }

  @Test
  void parametersThatSealLacksAreRefusedWithTheReason() {
    TestSets.assumePresent(SEAL);
    assertThatThrownBy(() -> SEAL.ckks(Presets.CKKS_16384.parameters()))
        .isInstanceOfSatisfying(
            VeilsumException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED))
        .hasMessageContaining("2 special primes");
    assertThatThrownBy(() -> SEAL.bfv(Presets.BFV_16384.parameters()))
        .hasMessageContaining("one special prime");
  }

  /** Packed keys and ciphertexts go from the core to SEAL and back. */
  @Test
  void oneBackendComputesOnWhatTheOtherEncrypted() {
    TestSets.assumePresent(SEAL);
    exchange(Backends.named("core"), SEAL);
    exchange(SEAL, Backends.named("core"));
  }

  /** What SEAL's library holds is counted, so that ciphertexts that are dropped are collected. */
  @Test
  void droppedCiphertextsAreCollected() {
    TestSets.assumePresent(SEAL);
    BfvContext context = BfvContext.create(PARAMETERS, SEAL);
    try (BfvSecretKey secret = context.secretKey(TestSets.seed(8));
        BfvPlaintext plain = context.encodeModular(new long[] {1});
        BfvCiphertext one = secret.encryptor().encrypt(plain)) {
      BfvEvaluator evaluator = context.evaluator();
      long before = SealEngine.allocatedBytes();
      List<BfvCiphertext> kept = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        kept.add(evaluator.add(one, one));
      }
      assertThat(SealEngine.allocatedBytes()).isGreaterThan(before + 50 * one.memoryBytes() / 2);
      kept.forEach(BfvCiphertext::close);

      long collections = NativeMemory.collections();
      long most = 4L << 30;
      long made = 0;
      while (NativeMemory.collections() == collections && made < most) {
        made += evaluator.add(one, one).memoryBytes();
      }
      assertThat(made).isLessThan(most);
    }
  }

  private static void exchange(Backend owner, Backend server) {
    BfvContext home = BfvContext.create(PARAMETERS, owner);
    BfvContext away = BfvContext.create(PARAMETERS, server);
    int row = PARAMETERS.slots() / 2;
    long[] x = new Random(1).longs(PARAMETERS.slots(), -100, 100).toArray();
    try (BfvSecretKey secret = home.secretKey(TestSets.seed(8));
        BfvEvaluationKeys made = secret.evaluationKeys(KEYS);
        BfvEvaluationKeys keys = away.loadEvaluationKeys(packed(made));
        BfvPlaintext plain = home.encodeModular(x);
        BfvCiphertext fresh = secret.encryptor().encrypt(plain);
        BfvCiphertext sent = away.loadCiphertext(packed(fresh))) {
      BfvEvaluator evaluator = away.evaluator(keys);
      try (BfvCiphertext square = evaluator.square(sent);
          BfvCiphertext rotated = evaluator.rotateRows(square, 1);
          BfvCiphertext result = home.loadCiphertext(packed(rotated))) {
        long[] values = secret.decryptor().decrypt(result);
        for (int i = 0; i < x.length; i++) {
          long v = x[i / row * row + (i + 1) % row];
          assertThat(Math.floorMod(values[i], PARAMETERS.plainModulus()))
              .isEqualTo(Math.floorMod(v * v, PARAMETERS.plainModulus()));
        }
      }
    }
  }

  private static List<PackedSwitchKey> packed(BfvEvaluationKeys keys) {
    return keys.contents().keys().stream()
        .map(
            which -> {
              ByteBuffer bytes = ByteBuffer.allocate(keys.packedBytesOfEach());
              keys.pack(which, bytes);
              return new PackedSwitchKey(which, bytes.flip());
            })
        .toList();
  }

  private static ByteBuffer packed(BfvCiphertext c) {
    ByteBuffer out = ByteBuffer.allocate(c.packedBytes());
    c.pack(out);
    return out.flip();
  }

  /** What SEAL itself throws for, after the work: a result with c_1 = 0. */
  @Test
  void transparentResultsAreZero() {
    TestSets.assumePresent(SEAL);
    BfvContext bfv = BfvContext.create(PARAMETERS, SEAL);
    try (BfvSecretKey secret = bfv.secretKey(TestSets.seed(8));
        BfvPlaintext plain = bfv.encodeModular(new long[] {1, 2, 3});
        BfvPlaintext zero = bfv.encodeModular(new long[] {0});
        BfvCiphertext a = secret.encryptor().encrypt(plain);
        BfvCiphertext difference = bfv.evaluator().subtract(a, a);
        BfvCiphertext product = bfv.evaluator().multiply(a, zero)) {
      assertThat(secret.decryptor().decrypt(difference)).containsOnly(0);
      assertThat(secret.decryptor().decrypt(product)).containsOnly(0);
      assertThatThrownBy(() -> packed(difference)).hasMessageContaining("transparent");
    }
  }
}
