package dev.veilsum.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.table.Report.Check;
import dev.veilsum.table.Rule.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReportTest {
  @TempDir Path folder;

  private Report read(String text) throws IOException {
    return Report.read(Files.writeString(folder.resolve("checks.json"), text));
  }

  @Test
  void everyMember() throws IOException {
    Report report =
        read(
            """
            {"checks": [
              {"name": "a", "question": "count"},
              {"rules": [{"when": "none", "status": "empty"}, {"status": "stale", "when": "> 2"}],
               "where": "w = x", "column": "t", "question": "max", "name": "b"},
              {"name": "c", "question": "top", "column": "v", "k": 8},
              {"name": "d", "question": "percentile", "column": "v", "rank": 99.5, "rules": []},
              {"name": "e", "question": "dot", "columns": ["x", "y"]}
            ]}
            """);
    assertThat(report.checks()).extracting(Check::name).containsExactly("a", "b", "c", "d", "e");
    assertThat(report.checks())
        .extracting(Check::question)
        .containsExactly(
            Question.COUNT, Question.MAX, Question.TOP, Question.PERCENTILE, Question.DOT);
    Check b = report.checks().get(1);
    assertThat(b.columns()).containsExactly("t");
    assertThat(b.where()).contains("w = x");
    assertThat(b.rules())
        .containsExactly(new Rule(Status.EMPTY, "none"), new Rule(Status.STALE, "> 2"));
    assertThat(report.checks().get(0).columns()).isEmpty();
    assertThat(report.checks().get(2).number()).hasValue(8);
    assertThat(report.checks().get(3).number()).hasValue(99.5);
    assertThat(report.checks().get(4).columns()).containsExactly("x", "y");
  }

  @Test
  void theDocumentedOne() {
    Report report = Report.read(Path.of("../docs/examples/checks.json"));
    assertThat(report.checks()).hasSizeGreaterThan(5);
    assertThat(report.checks().stream().flatMap(c -> c.rules().stream()).map(Rule::status))
        .contains(Status.EMPTY, Status.STALE, Status.FAILING);
  }

  /** What is wrong, and in which line of "A|B|C". */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "; 1; is needed",
        "[]; 1; is needed",
        "{}; 1; is needed",
        "{\"checks\": []}; 1; 1 to 1000 checks",
        "{\"checks\": {}}; 1; is an array",
        "{|\"check\": []}; 2; unknown",
        "{\"checks\": [|3]}; 2; a check is an object",
        "{\"checks\": [{|\"name\": \"a\"}]}; 2; a name and a question",
        "{\"checks\": [{\"name\": \"a\",|\"question\": \"guess\"}]}; 2; no question",
        "{\"checks\": [{\"name\": 7}]}; 1; \"name\" is a text",
        "{\"checks\": [{\"name\": \"a\", \"question\": \"top\", \"column\": \"x\"}]}; 1; top takes",
        "{\"checks\": [{\"name\": \"a\", \"question\": \"top\",|\"column\": \"x\", \"k\": 9}]}; 2; 1 to 8",
        "{\"checks\": [{\"name\": \"a\", \"question\": \"sum\",|\"k\": \"3\"}]}; 2; is a number",
        "{\"checks\": [{\"name\": \"a\", \"question\": \"sum\",|\"columns\": \"x\"}]}; 2; is an array",
        "{\"checks\": [{\"name\": \"a\",||\"color\": \"red\"}]}; 3; a check has no \"color\"",
        "{\"checks\": [{\"name\": \"a\", \"question\": \"count\",|\"rules\": [|{\"status\": \"empty\"}]}]}; 3; a status and a when",
        "{\"checks\": [{\"name\": \"a\", \"question\": \"count\",|\"rules\": [|{\"status\": \"red\", \"when\": \"none\"}]}]}; 3; no status",
        "{\"checks\": [{\"name\": \"a\", \"question\": \"count\",|\"rules\": [|{\"status\": \"stale\", \"when\": \"late\"}]}]}; 3; none of",
        "{\"checks\": [|{\"name\": \"a\", \"question\": \"count\"},|{\"name\": \"a\", \"question\": \"count\"}]}; 3; two checks",
        "{\"checks\": [|{\"name\": \"a\", \"name\": \"b\"}]}; 2; Duplicate",
        "{\"checks\": [|; 2; Unexpected end",
        "{\"checks\": [{\"name\": \"a\", \"question\": \"count\"}]}|x; 2; Unrecognized",
        "{\"checks\": [{\"name\": \"a\", \"question\": \"count\"}]}|{}; 2; is needed"
      })
  void whatIsWrongAndWhere(String text, int line, String what) {
    assertThatThrownBy(() -> read(text == null ? "" : text.replace('|', '\n')))
        .isInstanceOfSatisfying(
            VeilsumException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_INPUT))
        .hasMessageContaining("checks.json, line " + line + ": ")
        .hasMessageContaining(what);
  }

  @Test
  void filesThatAreTooLongOrNotThere() throws IOException {
    assertThatThrownBy(() -> Report.read(folder.resolve("absent.json")))
        .isInstanceOfSatisfying(
            VeilsumException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_INPUT));
    assertThatThrownBy(() -> read(" ".repeat((1 << 20) + 1)))
        .isInstanceOfSatisfying(
            VeilsumException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_INPUT));
    String many =
        IntStream.rangeClosed(0, Report.MAX_CHECKS)
            .mapToObj("{\"name\": \"%d\", \"question\": \"count\"}"::formatted)
            .collect(Collectors.joining(","));
    assertThatThrownBy(() -> read("{\"checks\": [" + many + "]}"))
        .hasMessageContaining("more than 1000");
    assertThatThrownBy(() -> read("[".repeat(100_000)))
        .isInstanceOfSatisfying(
            VeilsumException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_INPUT));
    assertThat(List.of(folder.toFile().list())).containsOnly("checks.json");
  }
}
