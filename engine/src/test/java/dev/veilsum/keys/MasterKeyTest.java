package dev.veilsum.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.io.ByteArrayOutputStream;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MasterKeyTest {
  private static final byte[] FINGERPRINT = {1, 2, 3};

  @Test
  void derivationIsAFunctionOfKeyPurposeAndFingerprint() {
    try (MasterKey key = MasterKey.of(new byte[32]);
        MasterKey same = MasterKey.of(new byte[32]);
        MasterKey other = MasterKey.generate()) {
      assertThat(seed(same, "ckks secret", FINGERPRINT))
          .isEqualTo(seed(key, "ckks secret", FINGERPRINT));
      Set<String> seeds = new HashSet<>();
      for (MasterKey each : List.of(key, other)) {
        for (String purpose : List.of("ckks secret", "ckks secret ", "bfv secret", "p", "pa")) {
          for (byte[] f : new byte[][] {FINGERPRINT, {}, {1, 2}, {1, 2, 3, 0}, {'a', 1}}) {
            assertThat(seeds.add(seed(each, purpose, f))).isTrue();
          }
        }
      }
      assertThat(seeds).hasSize(50);
    }
  }

  /** Files outlive versions: these values, computed with Python's hmac, must never change. */
  @Test
  void derivationIsPinned() {
    try (MasterKey key = MasterKey.of(new byte[32])) {
      assertThat(key.keyId().toString()).isEqualTo("83a1f6a77a30086b8be5730ab5015c02");
      assertThat(seed(key, "ckks secret", FINGERPRINT))
          .isEqualTo("59c826d8c5be50f36f3fdf6cff91804b74e619b06862e631b121b962c04845de");
    }
  }

  @Test
  void seedsAndKeyAreWiped() {
    MasterKey key = MasterKey.generate();
    List<byte[]> kept = new ArrayList<>();
    key.withSeed("x", FINGERPRINT, kept::add);
    assertThat(kept.get(0)).containsOnly(0).hasSize(32);
    assertThatThrownBy(
            () ->
                key.withSeed(
                    "x",
                    FINGERPRINT,
                    seed -> {
                      kept.add(seed);
                      throw new IllegalStateException();
                    }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(kept.get(1)).containsOnly(0);
    key.withKey(kept::add);
    assertThat(kept.get(2)).isNotEqualTo(new byte[32]);
    key.close();
    key.close();
    assertThat(kept.get(2)).containsOnly(0);
    assertThat(key.isClosed()).isTrue();
    assertThatThrownBy(() -> key.withSeed("x", FINGERPRINT, s -> s))
        .isInstanceOfSatisfying(
            VeilsumException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CLOSED));
  }

  @Test
  void printsNothingAndDoesNotSerialize() throws Exception {
    try (MasterKey key = MasterKey.generate()) {
      assertThat(key.toString()).isEqualTo("MasterKey");
      try (ObjectOutputStream out = new ObjectOutputStream(new ByteArrayOutputStream())) {
        assertThatThrownBy(() -> out.writeObject(key)).isInstanceOf(NotSerializableException.class);
      }
    }
  }

  @Test
  void keysDiffer() {
    try (MasterKey a = MasterKey.generate();
        MasterKey b = MasterKey.generate()) {
      assertThat(a.keyId()).isNotEqualTo(b.keyId());
    }
  }

  @Test
  void keyIdsRoundTrip() {
    KeyId id = new KeyId(0x0123456789abcdefL, -2);
    assertThat(id.toString()).isEqualTo("0123456789abcdeffffffffffffffffe");
    assertThat(KeyId.parse(id.toString())).isEqualTo(id);
    assertThat(KeyId.of(id.bytes())).isEqualTo(id);
    for (String bad : new String[] {"", "0123", "zz".repeat(16), "00".repeat(17)}) {
      assertThatThrownBy(() -> KeyId.parse(bad)).isInstanceOf(VeilsumException.class);
    }
  }

  @Test
  void purposesAreChecked() {
    try (MasterKey key = MasterKey.generate()) {
      for (String bad : new String[] {"", "A", "é", "a\0", "x".repeat(65)}) {
        assertThatThrownBy(() -> seed(key, bad, FINGERPRINT))
            .isInstanceOf(IllegalArgumentException.class);
      }
    }
  }

  private static String seed(MasterKey key, String purpose, byte[] fingerprint) {
    return key.withSeed(purpose, fingerprint, s -> HexFormat.of().formatHex(s));
  }
}
