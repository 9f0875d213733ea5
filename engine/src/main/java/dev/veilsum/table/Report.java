package dev.veilsum.table;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A list of named questions about one table, with rules for what their answers mean. As JSON:
 *
 * <pre>
 * {"checks": [
 *   {"name": "last event", "question": "max", "column": "time", "where": "type = earthquake",
 *    "rules": [{"status": "empty", "when": "none"}, {"status": "stale", "when": "older than 1d"}]},
 *   {"name": "large ones", "question": "count", "where": "magnitude >= 5",
 *    "rules": [{"status": "failing", "when": "> 3"}]}
 * ]}
 * </pre>
 *
 * A check takes {@code column}, or {@code columns} of two for dot, {@code where}, {@code k} of top
 * and {@code rank} of percentile. The first rule that holds gives the status; without one the check
 * is healthy.
 *
 * @param checks in order, of different names
 */
public record Report(List<Check> checks) {
  /** The most checks of one report. */
  public static final int MAX_CHECKS = 1000;

  private static final long MAX_BYTES = 1 << 20;
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /** The note with a check's name. */
  public static final String NAME = "check";

  private static final String RULES = "rules";

  public Report {
    checks = List.copyOf(checks);
    if (checks.isEmpty() || checks.size() > MAX_CHECKS) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          "a report has 1 to %d checks, not %d".formatted(MAX_CHECKS, checks.size()));
    }
    Set<String> names = new HashSet<>();
    for (Check check : checks) {
      if (!names.add(check.name)) {
        throw new VeilsumException(
            ErrorCode.USAGE, "two checks have the name \"" + check.name + "\"");
      }
    }
  }

  /**
   * One question.
   *
   * @param where the condition on the rows
   * @param number k of top, or the rank of a percentile
   */
  public record Check(
      String name,
      Question question,
      List<String> columns,
      Optional<String> where,
      OptionalDouble number,
      List<Rule> rules) {
    /** As it is asked: the name and the rules travel with the answer. */
    Asked asked(Questions questions) {
      String lines = String.join("\n", rules.stream().map(Rule::text).toList());
      Asked asked =
          new Asked(question, columns, Optional.empty(), number, Map.of(NAME, name, RULES, lines));
      return where.isEmpty() ? asked : asked.where(questions.where(where.get()));
    }
  }

  /** The questions, with conditions resolved for some tables. */
  public List<Asked> asked(Questions questions) {
    return checks.stream().map(check -> check.asked(questions)).toList();
  }

  /**
   * The rules that came with an answer; none where it is not of a report.
   *
   * @throws VeilsumException CORRUPT for what are no rules
   */
  public static List<Rule> rulesOf(Answer answer) {
    String lines = answer.notes().getOrDefault(RULES, "");
    try {
      return lines.isEmpty() ? List.of() : lines.lines().map(Rule::of).toList();
    } catch (VeilsumException e) {
      throw new VeilsumException(
          ErrorCode.CORRUPT, "the rules of a check are damaged: " + e.getMessage(), e);
    }
  }

  /**
   * Reads a specification.
   *
   * @throws VeilsumException BAD_INPUT with the line where it is none; IO
   */
  public static Report read(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new VeilsumException(ErrorCode.BAD_INPUT, file + " is larger than a report's 1 MiB");
      }
      try (JsonParser json = JSON.createParser(Files.readAllBytes(file))) {
        return new Reader(json, file.toString()).report();
      }
    } catch (JsonProcessingException e) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          "%s, line %d: %s"
              .formatted(
                  file,
                  e.getLocation() == null ? 1 : e.getLocation().getLineNr(),
                  e.getOriginalMessage()),
          e);
    } catch (IOException e) {
      throw VeilsumException.io("reading " + file, e);
    }
  }

  /** Reads the members, and says where one is wrong. */
  private static final class Reader {
    private final JsonParser json;
    private final String name;

    Reader(JsonParser json, String name) {
      this.json = json;
      this.name = name;
    }

    Report report() throws IOException {
      require(json.nextToken() == JsonToken.START_OBJECT, "an object with \"checks\" is needed");
      List<Check> checks = null;
      while (json.nextToken() != JsonToken.END_OBJECT) {
        require(json.currentName().equals("checks"), "\"" + json.currentName() + "\" is unknown");
        require(json.nextToken() == JsonToken.START_ARRAY, "\"checks\" is an array");
        checks = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
          require(checks.size() < MAX_CHECKS, "there are more than " + MAX_CHECKS + " checks");
          checks.add(check());
        }
      }
      require(checks != null && json.nextToken() == null, "an object with \"checks\" is needed");
      List<Check> all = checks;
      return placed(() -> new Report(all));
    }

    private Check check() throws IOException {
      require(json.currentToken() == JsonToken.START_OBJECT, "a check is an object");
      Map<String, String> texts = new LinkedHashMap<>();
      List<String> columns = List.of();
      OptionalDouble number = OptionalDouble.empty();
      List<Rule> rules = List.of();
      while (json.nextToken() != JsonToken.END_OBJECT) {
        String member = json.currentName();
        json.nextToken();
        switch (member) {
          case "name", "question", "column", "where" -> texts.put(member, text(member));
          case "columns" -> columns = texts(member);
          case "k", "rank" -> {
            require(json.currentToken().isNumeric(), "\"" + member + "\" is a number");
            number = OptionalDouble.of(json.getDoubleValue());
          }
          case "rules" -> rules = rules();
          default -> throw bad("a check has no \"" + member + "\"");
        }
      }
      require(
          texts.containsKey("name") && texts.containsKey("question"),
          "a check has a name and a question");
      List<String> named = texts.containsKey("column") ? List.of(texts.get("column")) : columns;
      OptionalDouble given = number;
      List<Rule> all = rules;
      return placed(
          () -> {
            Question question = Question.named(texts.get("question"));
            question.requireNumber(given);
            return new Check(
                texts.get("name"),
                question,
                named,
                Optional.ofNullable(texts.get("where")),
                given,
                all);
          });
    }

    private List<Rule> rules() throws IOException {
      require(json.currentToken() == JsonToken.START_ARRAY, "\"rules\" is an array");
      List<Rule> rules = new ArrayList<>();
      while (json.nextToken() != JsonToken.END_ARRAY) {
        require(json.currentToken() == JsonToken.START_OBJECT, "a rule is an object");
        Map<String, String> members = new LinkedHashMap<>();
        while (json.nextToken() != JsonToken.END_OBJECT) {
          String member = json.currentName();
          json.nextToken();
          members.put(member, text(member));
        }
        require(
            members.keySet().equals(Set.of("status", "when")), "a rule has a status and a when");
        rules.add(
            placed(() -> new Rule(Rule.Status.named(members.get("status")), members.get("when"))));
      }
      return rules;
    }

    private List<String> texts(String member) throws IOException {
      require(json.currentToken() == JsonToken.START_ARRAY, "\"" + member + "\" is an array");
      List<String> texts = new ArrayList<>();
      while (json.nextToken() != JsonToken.END_ARRAY) {
        texts.add(text(member));
      }
      return texts;
    }

    private String text(String member) throws IOException {
      require(json.currentToken() == JsonToken.VALUE_STRING, "\"" + member + "\" is a text");
      return json.getText();
    }

    private <T> T placed(Supplier<T> make) {
      try {
        return make.get();
      } catch (VeilsumException e) {
        throw bad(e.getMessage());
      }
    }

    private void require(boolean fits, String otherwise) {
      if (!fits) {
        throw bad(otherwise);
      }
    }

    private VeilsumException bad(String what) {
      return new VeilsumException(
          ErrorCode.BAD_INPUT,
          "%s, line %d: %s".formatted(name, json.currentTokenLocation().getLineNr(), what));
    }
  }
}
