package dev.veilsum.file;

import dev.veilsum.file.cbor.Cbor;
import dev.veilsum.file.cbor.FieldReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was computed to make a column of a result.
 *
 * @param name the operation as the command line calls it, for example "mean"
 * @param operands the columns it was applied to, in order
 * @param numbers its public numbers, for example {@code rank} of a percentile
 * @param texts its public texts, for example the condition on the rows
 */
public record Operation(
    String name, List<String> operands, Map<String, Double> numbers, Map<String, String> texts) {
  public Operation {
    operands = List.copyOf(operands);
    numbers = Map.copyOf(numbers);
    texts = Map.copyOf(texts);
  }

  /** Without texts. */
  public Operation(String name, List<String> operands, Map<String, Double> numbers) {
    this(name, operands, numbers, Map.of());
  }

  Cbor toCbor() {
    Map<String, Cbor> fields = new LinkedHashMap<>();
    numbers.forEach((key, value) -> fields.put(key, Cbor.of(value.doubleValue())));
    Map<String, Cbor> texts = new LinkedHashMap<>();
    this.texts.forEach((key, value) -> texts.put(key, Cbor.of(value)));
    return new Cbor.Fields(
        Map.of(
            "name", Cbor.of(name),
            "operands", new Cbor.Array(operands.stream().map(Cbor::of).toList()),
            "numbers", new Cbor.Fields(fields),
            "texts", new Cbor.Fields(texts)));
  }

  static Operation of(FieldReader in) {
    List<String> operands = new ArrayList<>();
    for (Cbor each : in.array("operands")) {
      if (!(each instanceof Cbor.Text text)) {
        throw in.wrong("operands", "holds something else than texts");
      }
      operands.add(text.value());
    }
    FieldReader named = in.record("numbers");
    Map<String, Double> numbers = new LinkedHashMap<>();
    for (String key : named.names()) {
      numbers.put(key, named.real(key));
    }
    FieldReader notes = in.record("texts");
    Map<String, String> texts = new LinkedHashMap<>();
    for (String key : notes.names()) {
      texts.put(key, notes.text(key));
    }
    Operation operation = new Operation(in.text("name"), operands, numbers, texts);
    in.finish();
    return operation;
  }
}
