package dev.veilsum.file.cbor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CborTest {
  private static final HexFormat HEX = HexFormat.of();

  /** RFC 8949, appendix A. */
  @ParameterizedTest
  @CsvSource({
    "0,00",
    "1,01",
    "10,0a",
    "23,17",
    "24,1818",
    "25,1819",
    "100,1864",
    "1000,1903e8",
    "1000000,1a000f4240",
    "1000000000000,1b000000e8d4a51000",
    "-1,20",
    "-10,29",
    "-100,3863",
    "-1000,3903e7",
    "9223372036854775807,1b7fffffffffffffff",
    "-9223372036854775808,3b7fffffffffffffff"
  })
  void integersOfTheRfc(long value, String hex) {
    agrees(Cbor.of(value), hex);
  }

  /** RFC 8949, appendix A. */
  @ParameterizedTest
  @CsvSource({
    "0.0,f90000",
    "-0.0,f98000",
    "1.0,f93c00",
    "1.1,fb3ff199999999999a",
    "1.5,f93e00",
    "65504.0,f97bff",
    "100000.0,fa47c35000",
    "3.4028234663852886e38,fa7f7fffff",
    "1.0e300,fb7e37e43c8800759c",
    "5.960464477539063e-8,f90001",
    "0.00006103515625,f90400",
    "-4.0,f9c400",
    "-4.1,fbc010666666666666"
  })
  void realsOfTheRfc(double value, String hex) {
    agrees(Cbor.of(value), hex);
  }

  /** RFC 8949, appendix A. */
  @Test
  void structuresOfTheRfc() {
    agrees(Cbor.of(false), "f4");
    agrees(Cbor.of(true), "f5");
    agrees(Cbor.of(new byte[0]), "40");
    agrees(Cbor.of(new byte[] {1, 2, 3, 4}), "4401020304");
    agrees(Cbor.of(""), "60");
    agrees(Cbor.of("\"\\"), "62225c");
    agrees(Cbor.of("\u6c34"), "63e6b0b4");
    agrees(Cbor.of("\ud800\udd51"), "64f0908591");
    agrees(new Cbor.Array(List.of()), "80");
    agrees(
        new Cbor.Array(
            List.of(
                Cbor.of(1),
                new Cbor.Array(List.of(Cbor.of(2), Cbor.of(3))),
                new Cbor.Array(List.of(Cbor.of(4), Cbor.of(5))))),
        "8301820203820405");
    agrees(new Cbor.Fields(Map.of()), "a0");
    agrees(
        new Cbor.Fields(
            Map.of("b", new Cbor.Array(List.of(Cbor.of(2), Cbor.of(3))), "a", Cbor.of(1))),
        "a26161016162820203");
  }

  @Test
  void namesAreSortedByTheirEncodings() {
    Map<String, Cbor> fields = new LinkedHashMap<>();
    for (String name : List.of("\u00e9", "aa", "b", "", "z".repeat(30), "a")) {
      fields.put(name, Cbor.of(0));
    }
    Cbor value = new Cbor.Fields(fields);
    String z = HEX.formatHex("z".repeat(30).getBytes());
    agrees(
        value, "a6" + "6000" + "616100" + "616200" + "62616100" + "62c3a900" + "781e" + z + "00");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", // nothing
        "0000", // two values
        "1800",
        "1817",
        "190018",
        "1900ff",
        "1a0000ffff",
        "1b00000000ffffffff", // longer than needed
        "1bffffffffffffffff",
        "3bffffffffffffffff", // beyond a long
        "fa3f800000",
        "fb3ff0000000000000",
        "fb40f86a0000000000", // reals longer than needed
        "f97c00",
        "f9fc00",
        "f97e00",
        "fa7f800000",
        "fb7ff8000000000000", // infinities, NaN
        "f6",
        "f7",
        "f0",
        "f8ff",
        "fc",
        "ff", // null, undefined, unassigned, break
        "c000",
        "d81800", // tags
        "5f40ff",
        "7f60ff",
        "9fff",
        "bfff", // indefinite lengths
        "1c",
        "1d",
        "1e",
        "5c",
        "9e", // reserved
        "41",
        "61",
        "81",
        "a1",
        "a16161",
        "18",
        "19ff",
        "f900", // cut
        "5bffffffffffffffff",
        "9bffffffffffffffff",
        "bbffffffffffffffff",
        "7b7fffffffffffffff",
        "9a7fffffff00",
        "ba7fffffff616100",
        "9b000000010000000000", // counts beyond the bytes
        "61ff",
        "62c080",
        "63eda080", // not UTF-8: stray, overlong, surrogate
        "a10000",
        "a14000", // names that are not texts
        "a2616101616102", // a name twice
        "a2616201616101",
        "a262616100616200" // names out of order
      })
  void whatIsNotCanonicalIsRefused(String hex) {
    refused(HEX.parseHex(hex));
  }

  @Test
  void depthAndItemsAreBounded() {
    assertThat(Cbor.decode(nested(16), "x")).isInstanceOf(Cbor.Array.class);
    refused(nested(17));
    refused(nested(1_000_000));
    byte[] wide = new byte[5 + (1 << 19)];
    wide[0] = (byte) 0x9a;
    wide[2] = 8;
    refused(wide);
  }

  @Test
  void randomValuesRoundTripAndEveryAlterationIsRefusedOrAnotherCanonicalValue() {
    Random random = new Random(7);
    for (int i = 0; i < 300; i++) {
      Cbor value = randomValue(random, 4);
      byte[] encoding = value.encode();
      assertThat(Cbor.decode(encoding, "x")).isEqualTo(value);
      for (int length = 0; length < encoding.length; length++) {
        refused(Arrays.copyOf(encoding, length));
      }
      refused(Arrays.copyOf(encoding, encoding.length + 1));
      for (int k = 0; k < encoding.length; k++) {
        byte[] altered = encoding.clone();
        altered[k] ^= (byte) (1 + random.nextInt(255));
        try {
          Cbor other = Cbor.decode(altered, "x");
          assertThat(other).isNotEqualTo(value);
          assertThat(other.encode()).isEqualTo(altered);
        } catch (VeilsumException e) {
          assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT);
        }
      }
    }
  }

  @Test
  void halvesAgreeWithTheirDefinition() {
    int finite = 0;
    for (int bits = 0; bits < 1 << 16; bits++) {
      double value = HalfFloat.valueOf(bits);
      if (Double.isFinite(value)) {
        finite++;
        assertThat(HalfFloat.ofExactly(value)).isEqualTo(bits);
        assertThat(HalfFloat.ofExactly(Math.nextUp(value))).isEqualTo(HalfFloat.INEXACT);
      }
    }
    assertThat(finite).isEqualTo(63488);
  }

  @Test
  void unpairedSurrogatesAndInfinitiesCannotBeWritten() {
    assertThatThrownBy(() -> Cbor.of("\ud800").encode())
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Cbor.of(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void fieldsAreReadByNameTypeAndRange() {
    Cbor value =
        new Cbor.Fields(Map.of("n", Cbor.of(5), "t", Cbor.of("x"), "b", Cbor.of(new byte[2])));
    FieldReader reader = FieldReader.of(value, "the table");
    assertThat(reader.integer("n", 0, 5)).isEqualTo(5);
    assertThat(reader.text("t")).isEqualTo("x");
    assertThatThrownBy(reader::finish)
        .hasMessage("the table: the field \"b\" is not known to this version");
    assertThat(reader.bytes("b", 2)).hasSize(2);
    reader.finish();
    assertThatThrownBy(() -> reader.integer("n", 6, 9)).hasMessageContaining("is 5, not 6..9");
    assertThatThrownBy(() -> reader.text("n")).hasMessageContaining("not of type Text");
    assertThatThrownBy(() -> reader.text("z")).hasMessageContaining("\"z\" is missing");
    assertThatThrownBy(() -> reader.bytes("b", 3)).hasMessageContaining("has 2 bytes, not 3");
    assertThatThrownBy(() -> FieldReader.of(Cbor.of(1), "it")).hasMessage("it is not a record");
  }

  private static Cbor randomValue(Random random, int depth) {
    switch (random.nextInt(depth == 0 ? 5 : 7)) {
      case 0:
        return Cbor.of(random.nextLong() >> random.nextInt(64));
      case 1:
        return Cbor.of(
            random.nextBoolean() ? random.nextInt(4000) / 8.0 : random.nextGaussian() * 1e6);
      case 2:
        return Cbor.of(random.nextBoolean());
      case 3:
        return Cbor.of("é\u6c34ab".repeat(random.nextInt(9)));
      case 4:
        byte[] bytes = new byte[random.nextInt(40)];
        random.nextBytes(bytes);
        return Cbor.of(bytes);
      case 5:
        List<Cbor> values = new ArrayList<>();
        for (int n = random.nextInt(5); n > 0; n--) {
          values.add(randomValue(random, depth - 1));
        }
        return new Cbor.Array(values);
      default:
        Map<String, Cbor> fields = new LinkedHashMap<>();
        for (int n = random.nextInt(5); n > 0; n--) {
          fields.put("é" + random.nextInt(300), randomValue(random, depth - 1));
        }
        return new Cbor.Fields(fields);
    }
  }

  private static byte[] nested(int depth) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < depth; i++) {
      out.write(0x81);
    }
    out.write(0);
    return out.toByteArray();
  }

  private static void agrees(Cbor value, String hex) {
    assertThat(HEX.formatHex(value.encode())).isEqualTo(hex);
    assertThat(Cbor.decode(HEX.parseHex(hex), "x")).isEqualTo(value);
  }

  private static void refused(byte[] encoding) {
    assertThatThrownBy(() -> Cbor.decode(encoding, "x"))
        .isInstanceOfSatisfying(
            VeilsumException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT));
  }
}
