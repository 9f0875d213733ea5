package dev.veilsum.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.aggregate.GradientUpdate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToLongFunction;

/** What updates are multiplied by: what they ask for, 1, or what a file says of their clients. */
final class Weights {
  private Weights() {}

  /**
   * Reads the value of {@code --weights}: "own", "unit", or a file with a JSON object of clients'
   * names and weights.
   *
   * @throws VeilsumException BAD_INPUT for anything else in the file; OUT_OF_RANGE for a weight
   *     below 1
   */
  static ToLongFunction<GradientUpdate> of(String choice) {
    if (choice.equalsIgnoreCase("own")) {
      return GradientUpdate::weight;
    }
    if (choice.equalsIgnoreCase("unit")) {
      return update -> 1;
    }
    Map<String, Long> weights = read(Path.of(choice));
    return update -> {
      Long weight = weights.get(update.client());
      if (weight == null) {
        throw new VeilsumException(
            ErrorCode.BAD_INPUT,
            "%s is of client \"%s\", for which %s has no weight"
                .formatted(update.name(), Text.printable(update.client()), choice));
      }
      return weight;
    };
  }

  private static Map<String, Long> read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          "--weights %s: give own, unit, or a file with a JSON object of clients and weights"
              .formatted(file));
    }
    try (JsonParser json = new JsonFactory().createParser(file.toFile())) {
      Map<String, Long> weights = new HashMap<>();
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw malformed(file, "it is no JSON object of clients and weights");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String client = json.currentName();
        if (json.nextToken() != JsonToken.VALUE_NUMBER_INT) {
          throw malformed(file, "the weight of \"" + Text.printable(client) + "\" is no integer");
        }
        long weight = weight(file, client, json);
        if (weights.put(client, weight) != null) {
          throw malformed(file, "\"" + Text.printable(client) + "\" is in it twice");
        }
      }
      if (json.nextToken() != null) {
        throw malformed(file, "something follows the object");
      }
      return weights;
    } catch (JsonProcessingException e) {
      throw malformed(file, "it is not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw VeilsumException.io("reading " + file, e);
    }
  }

  private static long weight(Path file, String client, JsonParser json) throws IOException {
    if (json.getNumberType() == JsonParser.NumberType.BIG_INTEGER || json.getLongValue() < 1) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE,
          "%s: \"%s\" has the weight %s; weights are integers from 1"
              .formatted(file, Text.printable(client), json.getText()));
    }
    return json.getLongValue();
  }

  private static VeilsumException malformed(Path file, String why) {
    return new VeilsumException(ErrorCode.BAD_INPUT, "the weights in " + file + ": " + why);
  }
}
