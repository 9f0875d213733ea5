package dev.veilsum.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HkdfSha256Test {
  private static final HexFormat HEX = HexFormat.of();

  /** RFC 5869, appendix A.1. */
  @Test
  void basicVector() {
    byte[] prk =
        HkdfSha256.extract(
            HEX.parseHex("000102030405060708090a0b0c"), HEX.parseHex("0b".repeat(22)));
    assertThat(HEX.formatHex(prk))
        .isEqualTo("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5");
    assertThat(HEX.formatHex(HkdfSha256.expand(prk, HEX.parseHex("f0f1f2f3f4f5f6f7f8f9"), 42)))
        .isEqualTo(
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
  }

  /** RFC 5869, appendix A.2: inputs longer than a block, three blocks of output. */
  @Test
  void longVector() {
    byte[] prk = HkdfSha256.extract(range(0x60, 0xaf), range(0x00, 0x4f));
    assertThat(HEX.formatHex(prk))
        .isEqualTo("06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244");
    assertThat(HEX.formatHex(HkdfSha256.expand(prk, range(0xb0, 0xff), 82)))
        .isEqualTo(
            "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
                + "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
                + "cc30c58179ec3e87c14c01d5c1f3434f1d87");
  }

  /** RFC 5869, appendix A.3: no salt, no label. */
  @Test
  void emptySaltAndLabelVector() {
    byte[] prk = HkdfSha256.extract(new byte[0], HEX.parseHex("0b".repeat(22)));
    assertThat(HEX.formatHex(HkdfSha256.expand(prk, new byte[0], 42)))
        .isEqualTo(
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 31, 32, 33, 64, 100, 8160})
  void agreesWithBouncyCastle(int length) {
    byte[] prk = range(1, 32);
    byte[] label = range(40, 90);
    HKDFBytesGenerator oracle = new HKDFBytesGenerator(new SHA256Digest());
    oracle.init(HKDFParameters.skipExtractParameters(prk, label));
    byte[] expected = new byte[length];
    oracle.generateBytes(expected, 0, length);
    assertThat(HkdfSha256.expand(prk, label, length)).isEqualTo(expected);
  }

  @Test
  void refusesMoreThan255Blocks() {
    assertThatThrownBy(() -> HkdfSha256.expand(range(1, 32), new byte[0], 8161))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static byte[] range(int first, int last) {
    byte[] bytes = new byte[last - first + 1];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (first + i);
    }
    return bytes;
  }
}
