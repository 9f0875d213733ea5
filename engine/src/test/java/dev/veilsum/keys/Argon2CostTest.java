package dev.veilsum.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Argon2CostTest {
  /** RFC 9106, section 5.3: the library is the algorithm that we name. */
  @Test
  void libraryGivesTheVectorOfTheRfc() {
    Argon2BytesGenerator argon2 = new Argon2BytesGenerator();
    argon2.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(32)
            .withIterations(3)
            .withParallelism(4)
            .withSalt(filled(16, 2))
            .withSecret(filled(8, 3))
            .withAdditional(filled(12, 4))
            .build());
    byte[] tag = new byte[32];
    argon2.generateBytes(filled(32, 1), tag);
    assertThat(HexFormat.of().formatHex(tag))
        .isEqualTo("0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659");
  }

  /** The reference tool: echo -n password | argon2 somesalt -id -t 2 -k 65536 -p 1 -l 32. */
  @Test
  void ourCallGivesTheVectorOfTheReferenceCode() {
    byte[] key =
        new Argon2Cost(1 << 16, 2, 1).deriveKey("password".getBytes(), "somesalt".getBytes());
    assertThat(HexFormat.of().formatHex(key))
        .isEqualTo("09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7");
  }

  @ParameterizedTest
  @CsvSource({
    "7,1,1",
    "31,1,4",
    "8,0,1",
    "8,65,1",
    "8,1,0",
    "136,1,17",
    "1048577,1,1",
    "1048576,17,1",
    "-1,1,1",
    "2147483647,64,16",
    "-2147483648,-1,-1"
  })
  void costsOutOfBoundsAreRefusedBeforeAnythingIsAllocated(int memoryKib, int passes, int lanes) {
    assertThatThrownBy(() -> new Argon2Cost(memoryKib, passes, lanes))
        .isInstanceOfSatisfying(
            VeilsumException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_INPUT));
  }

  private static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }
}
