package dev.veilsum.file;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.file.cbor.Cbor;
import dev.veilsum.file.cbor.FieldReader;
import dev.veilsum.params.SwitchKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Names the key in one SWITCH_KEY section; entry i of a list is about section i.
 *
 * @param parameters the index of its parameter set
 * @param key which key it is
 */
public record SwitchKeyEntry(int parameters, SwitchKey key) {
  public static final String FIELD = "switch keys";

  Cbor toCbor() {
    return new Cbor.Fields(
        Map.of(
            "parameters", Cbor.of(parameters),
            "kind", Cbor.of(key.kind().name().toLowerCase(Locale.ROOT)),
            "steps", Cbor.of(key.steps())));
  }

  public static Cbor toCbor(List<SwitchKeyEntry> entries) {
    return new Cbor.Array(entries.stream().map(SwitchKeyEntry::toCbor).toList());
  }

  /** Reads the list in the field {@link #FIELD}; CORRUPT where an entry names no key. */
  public static List<SwitchKeyEntry> read(FieldReader in, String where, int parameterSets) {
    List<SwitchKeyEntry> entries = new ArrayList<>();
    for (Cbor each : in.array(FIELD)) {
      entries.add(of(FieldReader.of(each, where + " " + FIELD), parameterSets));
    }
    return List.copyOf(entries);
  }

  /** Refuses (CORRUPT) a list that is not as long as there are SWITCH_KEY sections. */
  public static void requireSections(List<SwitchKeyEntry> entries, ContainerReader container) {
    int sections = container.count(SectionType.SWITCH_KEY);
    if (entries.size() != sections) {
      throw new VeilsumException(
          ErrorCode.CORRUPT,
          "%s names %d key-switching keys and has %d"
              .formatted(container.name(), entries.size(), sections));
    }
  }

  private static SwitchKeyEntry of(FieldReader in, int parameterSets) {
    int parameters = (int) in.integer("parameters", 0, parameterSets - 1);
    int steps = (int) in.integer("steps", Integer.MIN_VALUE, Integer.MAX_VALUE);
    String kind = in.text("kind");
    in.finish();
    for (SwitchKey.Kind known : SwitchKey.Kind.values()) {
      if (known.name().toLowerCase(Locale.ROOT).equals(kind)
          && (known == SwitchKey.Kind.ROTATION) == (steps != 0)) {
        return new SwitchKeyEntry(parameters, new SwitchKey(known, steps));
      }
    }
    throw in.wrong("kind", "names no key: " + kind + " " + steps);
  }
}
