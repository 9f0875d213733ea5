package dev.veilsum.nativelib;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NativeLibraryTest {
  @TempDir Path folder;

  @Test
  void theLibraryLoadsAndLeavesNoFileBehind() throws Exception {
    Jvm jvm = load(List.of("-Djava.io.tmpdir=" + folder), Map.of());
    assertThat(jvm.output()).startsWith("loaded: ");
    assertThat(list(folder)).noneMatch(path -> path.getFileName().toString().startsWith("veilsum"));
  }

  @Test
  void anotherBuildIsRefused() throws Exception {
    Path properties = folder.resolve("dev/veilsum/nativelib/build.properties");
    Files.createDirectories(properties.getParent());
    Files.writeString(properties, "version=0\nbuild.id=0123456789abcdef\n");
    Jvm jvm =
        Jvm.run(List.of(), Map.of(), folder + File.pathSeparator + Jvm.classPath(), LoadMain.class);
    assertThat(jvm.output())
        .startsWith("refused: [UNSUPPORTED] the native library jniveilsum has build id ")
        .contains("expect 0123456789abcdef", "different builds", "again: UNSUPPORTED");
  }

  @Test
  void aPathWithoutTheLibraryIsRefusedWithThePath() throws Exception {
    Jvm byProperty = load(List.of("-Dveilsum.native.path=" + folder), Map.of());
    Jvm byVariable = load(List.of(), Map.of("VEILSUM_NATIVE_PATH", folder.toString()));
    for (Jvm jvm : List.of(byProperty, byVariable)) {
      assertThat(jvm.output())
          .startsWith("refused: [UNSUPPORTED]")
          .contains(folder.resolve("libjniveilsum.so").toString(), "again: UNSUPPORTED")
          .doesNotContain("NoClassDefFoundError");
    }
  }

  @Test
  void whatIsNoLibraryIsRefused() throws Exception {
    Files.writeString(folder.resolve("libjniveilsum.so"), "not a library");
    Jvm jvm = load(List.of("-Dveilsum.native.path=" + folder), Map.of());
    assertThat(jvm.output()).contains("refused: [UNSUPPORTED]", "again: UNSUPPORTED");
  }

  @Test
  void aGivenLibraryLoads() throws Exception {
    unpackTo(folder);
    assertThat(load(List.of("-Dveilsum.native.path=" + folder), Map.of()).output())
        .startsWith("loaded: ");
  }

  @Test
  void theCacheIsUsedAgainAndCheckedFirst() throws Exception {
    Path cache = folder.resolve("cache");
    Map<String, String> environment = Map.of("VEILSUM_NATIVE_CACHE", cache.toString());
    assertThat(load(List.of(), environment).output()).startsWith("loaded: ");
    Path cached = list(list(cache).get(0)).get(0);
    assertThat(cached).hasFileName("libjniveilsum.so");
    assertThat(Files.getPosixFilePermissions(cached.getParent()))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    assertThat(load(List.of(), environment).output()).startsWith("loaded: ");

    Files.write(cached, new byte[] {1}, java.nio.file.StandardOpenOption.APPEND);
    assertThat(load(List.of(), environment).output())
        .startsWith("refused: ")
        .contains("differs from the library in the jar");

    Files.setPosixFilePermissions(cached.getParent(), PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThat(load(List.of(), environment).output())
        .startsWith("refused: ")
        .contains("can be changed by another user");
  }

  @ParameterizedTest
  @ValueSource(strings = {"scalar", "avx2", "avx512ifma"})
  void thePathCanBeForced(String isa) throws Exception {
    NativeLibrary.core().require();
    String output = load(List.of(), Map.of("VEILSUM_ISA", isa)).output();
    if (Core.supportsIsa(isa)) {
      assertThat(output).startsWith("loaded: " + isa + " ");
    } else {
      assertThat(output).startsWith("refused: [UNSUPPORTED]").contains(isa);
    }
  }

  @Test
  void anUnknownPathIsRefusedByName() throws Exception {
    assertThat(load(List.of(), Map.of("VEILSUM_ISA", "mmx")).output())
        .startsWith("refused: [UNSUPPORTED]")
        .contains("mmx");
  }

  private static Jvm load(List<String> options, Map<String, String> environment)
      throws IOException, InterruptedException {
    return Jvm.run(options, environment, Jvm.classPath(), LoadMain.class);
  }

  private static void unpackTo(Path folder) throws IOException {
    try (Unpacked unpacked = Unpacked.of("libjniveilsum.so")) {
      Files.copy(unpacked.path(), folder.resolve("libjniveilsum.so"));
    }
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.toList();
    }
  }
}
