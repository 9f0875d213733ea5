package dev.veilsum.cli;

import static dev.veilsum.cli.CliAssertions.fails;
import static dev.veilsum.cli.CliAssertions.succeeds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.veilsum.ErrorCode;
import dev.veilsum.backend.Backends;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --backend seal}: the same files and answers, or what to install. */
class SealBackendTest {
  @TempDir Path folder;

  @Test
  void answersAreThoseOfTheCore() {
    Backends.named("seal").absence().ifPresent(Assumptions::abort);
    Fixture fixture = new Fixture(folder);
    for (String[] question :
        new String[][] {{"sum", "n"}, {"variance", "m"}, {"sum", "x"}, {"variance", "x"}}) {
      Path out = folder.resolve(question[0] + question[1] + ".vsm");
      succeeds(
          Run.of(
              "compute",
              question[0],
              "-c",
              question[1],
              "--backend",
              "seal",
              "-o",
              out,
              fixture.table));
      JsonNode seal = fixture.decrypted(out).get("results").get(0);
      JsonNode core = fixture.ask(fixture.table, question[0], question[1]);
      double bound = seal.get("error_bound").asDouble() + core.get("error_bound").asDouble();
      assertThat(seal.get("value").asDouble())
          .isCloseTo(core.get("value").asDouble(), within(bound));
    }
  }

  @Test
  void aBuildWithoutSealSaysHowToGetIt() {
    Assumptions.assumeTrue(
        Backends.named("seal").absence().isPresent(), "this build has Microsoft SEAL");
    Path none = folder.resolve("none.vsm");
    fails(
        Run.of("compute", "sum", "-c", "n", "--backend", "seal", none),
        ErrorCode.UNSUPPORTED,
        "vcpkg",
        "brew",
        "conda-forge");
  }
}
