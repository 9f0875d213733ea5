package dev.veilsum.nativelib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PaillierLibraryTest {
  @TempDir Path folder;

  /** Loads the core, then Paillier, and says what came of it. */
  static final class LoadBoth {
    public static void main(String[] args) {
      System.out.println("core " + NativeLibrary.core().isAvailable());
      System.out.println(
          "paillier "
              + NativeLibrary.paillier().cause().map(Throwable::getMessage).orElse("loaded"));
    }
  }

  @Test
  void withoutGmpPaillierAloneIsMissing() throws Exception {
    for (String name : List.of("libjniveilsum.so", "libjniveilsumpaillier.so")) {
      try (InputStream in = NativeLibrary.class.getResourceAsStream(Host.platform() + "/" + name)) {
        // The name of GMP's library becomes one that no machine has.
        String bytes = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        Files.write(
            folder.resolve(name),
            bytes.replace("libgmp.so.10", "libgmp.so.99").getBytes(StandardCharsets.ISO_8859_1));
      }
    }
    Jvm jvm =
        Jvm.run(
            List.of("-Dveilsum.native.path=" + folder), Map.of(), Jvm.classPath(), LoadBoth.class);
    assertThat(jvm.output())
        .contains("core true", "paillier [UNSUPPORTED]", "libgmp.so.99", "package libgmp10")
        .doesNotContain("Exception in");
  }

  @Test
  void errorsKeepTheirCodes() {
    NativeLibrary.paillier().require();
    try (SecretBytes seed = SecretBytes.ofSize(32)) {
      assertThatThrownBy(() -> PaillierLibrary.generate(seed.bytes(), 1024))
          .isInstanceOfSatisfying(
              NativeException.class, e -> assertThat(e.code()).isEqualTo("INSECURE_PARAMETERS"))
          .hasMessageContaining("1024 bits");
    }
  }

  @Test
  void bytesAreZeroAgainAfterClose() {
    SecretBytes secret = SecretBytes.ofSize(100);
    for (int i = 0; i < 100; i++) {
      secret.bytes().put(i, (byte) 7);
    }
    secret.close();
    for (int i = 0; i < 100; i++) {
      assertThat(secret.bytes().get(i)).isZero();
    }
    assertThat(secret).hasToString("SecretBytes");
  }
}
