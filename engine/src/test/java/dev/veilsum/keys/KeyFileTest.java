package dev.veilsum.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Base64;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFileTest {
  private static final Argon2Cost CHEAP = new Argon2Cost(8, 1, 1);
  private static final String BEGIN = "-----BEGIN VEILSUM MASTER KEY-----\n";
  private static final Supplier<char[]> NEVER =
      () -> {
        throw new AssertionError("asked for a passphrase");
      };

  @TempDir Path folder;

  @Test
  void sealedKeysComeBack() {
    Path file = folder.resolve("a.key");
    try (MasterKey key = MasterKey.generate()) {
      KeyFile.writeSealed(file, key, "correct horse".toCharArray());
      assertThat(KeyFile.readHeader(file)).isEqualTo(new KeyFile.Header(key.keyId(), true));
      char[] typed = "correct horse".toCharArray();
      try (MasterKey opened = KeyFile.open(file, () -> typed)) {
        assertSame(opened, key);
      }
      assertThat(typed).containsOnly('\0');
    }
  }

  @Test
  void bareKeysComeBackWithoutAPassphrase() throws IOException {
    Path file = folder.resolve("a.key");
    try (MasterKey key = MasterKey.generate()) {
      KeyFile.writeUnsealed(file, key);
      assertThat(KeyFile.readHeader(file)).isEqualTo(new KeyFile.Header(key.keyId(), false));
      try (MasterKey opened = KeyFile.open(file, NEVER)) {
        assertSame(opened, key);
      }
      assertThat(Files.readString(file)).startsWith("-----BEGIN VEILSUM MASTER KEY-----\n");
    }
  }

  @Test
  void accentsMayBeComposedEitherWay() {
    Path file = folder.resolve("a.key");
    try (MasterKey key = MasterKey.generate()) {
      KeyFile.writeSealed(file, key, "caf\u00e9".toCharArray(), CHEAP);
      KeyFile.open(file, "cafe\u0301"::toCharArray).close();
    }
  }

  @Test
  void wrongAndMissingPassphrasesAreToldApart() {
    Path file = folder.resolve("a.key");
    try (MasterKey key = MasterKey.generate()) {
      KeyFile.writeSealed(file, key, "right".toCharArray(), CHEAP);
    }
    for (String wrong : new String[] {"", "Right", "right ", "righ", "\0"}) {
      refused(ErrorCode.WRONG_PASSPHRASE, () -> KeyFile.open(file, wrong::toCharArray));
    }
    refused(ErrorCode.PASSPHRASE_NEEDED, () -> KeyFile.open(file, () -> null));
  }

  @Test
  void emptyPassphraseIsRefused() {
    Path file = folder.resolve("a.key");
    try (MasterKey key = MasterKey.generate()) {
      refused(ErrorCode.USAGE, () -> KeyFile.writeSealed(file, key, new char[0]));
    }
    assertThat(file).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyAlteredByteAndEveryCutIsAnError(boolean sealed) throws IOException {
    byte[] good = Files.readAllBytes(written("good.key", sealed));
    Path file = folder.resolve("bad.key");
    for (int i = 0; i < good.length; i++) {
      ErrorCode code = i < BEGIN.length() ? ErrorCode.BAD_INPUT : ErrorCode.CORRUPT;
      for (int change : new int[] {1, 2, 4, 8, 16, 32, 64, 128, 255}) {
        byte[] bad = good.clone();
        bad[i] ^= (byte) change;
        if (change == 1) {
          Files.write(file, bad);
          refused(code, () -> KeyFile.open(file, NEVER));
        }
        refused(code, () -> KeyFile.bodyOf(bad, file));
      }
    }
    for (int length = 0; length < good.length; length++) {
      Files.write(file, Arrays.copyOf(good, length));
      ErrorCode code = length == 0 ? ErrorCode.BAD_INPUT : ErrorCode.CORRUPT;
      refused(code, () -> KeyFile.open(file, NEVER));
      refused(code, () -> KeyFile.readHeader(file));
    }
    Files.write(file, Arrays.copyOf(good, good.length + 1));
    refused(ErrorCode.CORRUPT, () -> KeyFile.open(file, NEVER));
    Files.write(file, Arrays.copyOf(good, 1 << 20));
    refused(ErrorCode.CORRUPT, () -> KeyFile.open(file, NEVER));
  }

  /** An attacker recomputes the checksum: the header is still bound by the encryption. */
  @Test
  void alteredHeaderWithARightChecksumDoesNotOpen() throws Exception {
    KeyFileBody good = KeyFileBody.decode(body(written("good.key", true)));
    KeyId other = new KeyId(good.keyId().high() ^ 1, good.keyId().low());
    KeyFileBody bad =
        new KeyFileBody(other, good.cost(), good.salt(), good.nonce(), good.payload());
    Path file = armored(bad.encode());
    refused(ErrorCode.WRONG_PASSPHRASE, () -> KeyFile.open(file, "p"::toCharArray));
  }

  @Test
  void hostileCostsAreRefusedBeforeThePassphraseIsAsked() throws Exception {
    byte[] body = body(written("good.key", true));
    body[22] = 0x7f; // memory of 2^31 KiB
    Path file = armored(rechecked(body));
    refused(ErrorCode.BAD_INPUT, () -> KeyFile.open(file, NEVER));
  }

  @Test
  void newerVersionsAreNamed() throws Exception {
    byte[] body = body(written("good.key", false));
    body[4] = 2;
    Path file = armored(rechecked(body));
    refused(ErrorCode.BAD_INPUT, () -> KeyFile.open(file, NEVER));
  }

  @Test
  void otherFilesAreNotKeyFiles() throws IOException {
    Path file = folder.resolve("x");
    for (String text : new String[] {"VSUM\1\0\0\0....", "a,b\n1,2\n", "\0", "-----BEGIN PGP"}) {
      Files.writeString(file, text);
      refused(ErrorCode.BAD_INPUT, () -> KeyFile.open(file, NEVER));
    }
    refused(ErrorCode.BAD_INPUT, () -> KeyFile.open(folder.resolve("absent"), NEVER));
    refused(ErrorCode.BAD_INPUT, () -> KeyFile.open(folder, NEVER));
  }

  @Test
  void nothingIsOverwrittenAndTheModeIsPrivate() throws IOException {
    Path file = written("a.key", true);
    byte[] before = Files.readAllBytes(file);
    try (MasterKey key = MasterKey.generate()) {
      refused(ErrorCode.OUTPUT_EXISTS, () -> KeyFile.writeUnsealed(file, key));
      refused(
          ErrorCode.OUTPUT_EXISTS, () -> KeyFile.writeSealed(file, key, "x".toCharArray(), CHEAP));
    }
    assertThat(file).hasBinaryContent(before);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
    assumeTrue(file.getFileSystem().supportedFileAttributeViews().contains("posix"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  private Path written(String name, boolean sealed) {
    Path file = folder.resolve(name);
    try (MasterKey key = MasterKey.generate()) {
      if (sealed) {
        KeyFile.writeSealed(file, key, "p".toCharArray(), CHEAP);
      } else {
        KeyFile.writeUnsealed(file, key);
      }
    }
    return file;
  }

  private static byte[] body(Path file) throws IOException {
    String text = Files.readString(file).replaceAll("-----.*-----\n", "");
    return Base64.getMimeDecoder().decode(text);
  }

  private static byte[] rechecked(byte[] body) throws Exception {
    int end = body.length - 32;
    byte[] sum =
        java.security.MessageDigest.getInstance("SHA-256").digest(Arrays.copyOf(body, end));
    System.arraycopy(sum, 0, body, end, 32);
    return body;
  }

  private Path armored(byte[] body) throws IOException {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(body);
    return Files.writeString(
        folder.resolve("made.key"),
        "-----BEGIN VEILSUM MASTER KEY-----\n" + base64 + "\n-----END VEILSUM MASTER KEY-----\n");
  }

  private static void assertSame(MasterKey actual, MasterKey expected) {
    assertThat(actual.keyId()).isEqualTo(expected.keyId());
    assertThat(actual.withKey(byte[]::clone)).isEqualTo(expected.withKey(byte[]::clone));
  }

  private static void refused(ErrorCode code, ThrowingCallable call) {
    try {
      call.call();
    } catch (VeilsumException e) {
      assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
      return;
    } catch (Throwable e) {
      throw new AssertionError("not an error of the engine", e);
    }
    throw new AssertionError("expected " + code);
  }
}
