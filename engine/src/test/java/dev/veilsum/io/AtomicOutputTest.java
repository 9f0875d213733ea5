package dev.veilsum.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.io.AtomicOutput.Access;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicOutputTest {
  @TempDir Path folder;

  @Test
  void appearsOnlyWhenCommitted() throws IOException {
    Path file = folder.resolve("out");
    byte[] big = new byte[1_000_003];
    for (int i = 0; i < big.length; i++) {
      big[i] = (byte) (i * 31);
    }
    try (AtomicOutput out = AtomicOutput.create(file, false, Access.USUAL)) {
      out.write('x');
      out.write(big);
      out.write(ByteBuffer.allocateDirect(5).put(new byte[] {1, 2, 3, 4, 5}).flip());
      assertThat(file).doesNotExist();
      out.commit();
    }
    byte[] expected = new byte[big.length + 6];
    expected[0] = 'x';
    System.arraycopy(big, 0, expected, 1, big.length);
    System.arraycopy(new byte[] {1, 2, 3, 4, 5}, 0, expected, big.length + 1, 5);
    assertThat(file).hasBinaryContent(expected);
    assertThat(names()).containsExactly("out");
  }

  @Test
  void closingWithoutACommitLeavesTheOldFile() throws IOException {
    Path file = Files.writeString(folder.resolve("out"), "old");
    try (AtomicOutput out = AtomicOutput.create(file, true, Access.USUAL)) {
      out.write(new byte[300_000]);
      assertThat(names()).hasSize(2);
    }
    assertThat(file).hasContent("old");
    assertThat(names()).containsExactly("out");
  }

  @Test
  void overwritesOnlyWhenTold() throws IOException {
    Path file = Files.writeString(folder.resolve("out"), "old");
    refused(ErrorCode.OUTPUT_EXISTS, () -> AtomicOutput.create(file, false, Access.USUAL));
    writeNew(file, true);
    assertThat(file).hasContent("new");
  }

  @Test
  void aFileThatAppearsMeanwhileIsNotReplaced() throws IOException {
    Path file = folder.resolve("out");
    try (AtomicOutput out = AtomicOutput.create(file, false, Access.USUAL)) {
      out.write("new".getBytes());
      Files.writeString(file, "other");
      refused(ErrorCode.OUTPUT_EXISTS, out::commit);
    }
    assertThat(file).hasContent("other");
    assertThat(names()).containsExactly("out");
  }

  @Test
  void aDanglingLinkCountsAsAFile() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("nothing"));
    refused(ErrorCode.OUTPUT_EXISTS, () -> AtomicOutput.create(link, false, Access.USUAL));
  }

  @Test
  void overwritingThroughALinkKeepsTheLinkAndTheMode() throws IOException {
    assumePosix();
    Path file = Files.writeString(folder.resolve("out"), "old");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);
    writeNew(link, true);
    assertThat(link).isSymbolicLink();
    assertThat(file).hasContent("new");
    assertThat(mode(file)).isEqualTo("rw-r-----");
  }

  @Test
  void privateFilesArePrivateFromTheStart() throws IOException {
    assumePosix();
    Path file = folder.resolve("out");
    try (AtomicOutput out = AtomicOutput.create(file, false, Access.OWNER_ONLY)) {
      try (Stream<Path> files = Files.list(folder)) {
        assertThat(mode(files.findFirst().orElseThrow())).isEqualTo("rw-------");
      }
      out.commit();
    }
    assertThat(mode(file)).isEqualTo("rw-------");
  }

  @Test
  void foldersAreNotOutputs() {
    refused(ErrorCode.BAD_INPUT, () -> AtomicOutput.create(folder, true, Access.USUAL));
    refused(
        ErrorCode.BAD_INPUT,
        () -> AtomicOutput.create(folder.resolve("no/out"), false, Access.USUAL));
  }

  @Test
  void aFullDiskIsOneError() {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "no /dev/full here");
    try (AtomicOutput out = AtomicOutput.create(full, false, Access.USUAL)) {
      out.write(new byte[100]);
      refused(ErrorCode.IO, out::commit);
      refused(ErrorCode.IO, () -> out.write(1));
    }
  }

  /** A file size limit of the shell fails a write in the middle, as a full disk does. */
  @Test
  void aWriteThatFailsHalfwayLeavesNothing() throws Exception {
    assumePosix();
    Process limited = child("ulimit -f 500; trap '' XFSZ; exec", "fill");
    String said = new String(limited.getInputStream().readAllBytes());
    assertThat(limited.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(said).isEqualTo("IO");
    assertThat(names()).isEmpty();
  }

  @Test
  void aKilledProcessLeavesTheOldFileWhole() throws Exception {
    assumePosix();
    Path file = Files.writeString(folder.resolve("out"), "old");
    Process killed = child("exec", "wait");
    assertThat(killed.getInputStream().read()).isEqualTo('R');
    killed.destroyForcibly().waitFor();
    assertThat(file).hasContent("old");
    assertThat(names()).hasSize(2); // kill -9 leaves the temporary file
    writeNew(file, true);
    assertThat(file).hasContent("new");
  }

  @Test
  void anInterruptedProcessRemovesItsTemporaryFile() throws Exception {
    assumePosix();
    Path file = Files.writeString(folder.resolve("out"), "old");
    Process stopped = child("exec", "wait");
    assertThat(stopped.getInputStream().read()).isEqualTo('R');
    stopped.destroy();
    stopped.waitFor();
    assertThat(file).hasContent("old");
    assertThat(names()).containsExactly("out");
  }

  @Test
  void useAfterCloseIsAnError() {
    AtomicOutput out = AtomicOutput.create(folder.resolve("out"), false, Access.USUAL);
    out.close();
    out.close();
    refused(ErrorCode.CLOSED, () -> out.write(1));
    refused(ErrorCode.CLOSED, out::commit);
  }

  private Process child(String shell, String what) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> command =
        List.of(
            "bash",
            "-c",
            shell + " \"$@\"",
            "bash",
            java,
            "-Xshare:auto",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-cp",
            classPath(),
            Child.class.getName(),
            what,
            folder.resolve("out").toString());
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  /** The classes of both source folders, however the tests were started. */
  private static String classPath() throws IOException {
    return Stream.of(AtomicOutput.class, Child.class)
        .map(c -> c.getProtectionDomain().getCodeSource().getLocation().getPath())
        .distinct()
        .reduce((a, b) -> a + File.pathSeparator + b)
        .orElseThrow();
  }

  /** What the child processes run. */
  static final class Child {
    public static void main(String[] arguments) throws Exception {
      Path file = Path.of(arguments[1]);
      try (AtomicOutput out = AtomicOutput.create(file, true, Access.USUAL)) {
        out.write(new byte[400_000]);
        if (arguments[0].equals("wait")) {
          System.out.print("R");
          System.out.flush();
          Thread.sleep(60_000);
        }
        out.write(new byte[10_000_000]);
        out.commit();
      } catch (VeilsumException e) {
        System.out.print(e.code());
      }
    }
  }

  private void writeNew(Path file, boolean overwrite) throws IOException {
    try (AtomicOutput out = AtomicOutput.create(file, overwrite, Access.USUAL)) {
      out.write("new".getBytes());
      out.commit();
    }
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  private void assumePosix() {
    assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("posix"));
  }

  private static void refused(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            VeilsumException.class, e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code));
  }
}
