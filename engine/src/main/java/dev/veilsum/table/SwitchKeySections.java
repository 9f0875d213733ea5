package dev.veilsum.table;

import dev.veilsum.backend.Reference;
import dev.veilsum.backend.SchemeBackend;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.file.ContainerWriter;
import dev.veilsum.file.SectionType;
import dev.veilsum.file.SwitchKeyEntry;
import dev.veilsum.params.KeyRequirements;
import dev.veilsum.params.SwitchKey;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;

/** The key-switching keys of a container, one SWITCH_KEY section each. */
final class SwitchKeySections {
  private SwitchKeySections() {}

  /** Makes keys one by one and writes them; one is in memory at a time. */
  static List<SwitchKeyEntry> write(
      ContainerWriter writer,
      SchemeBackend scheme,
      Reference.SecretKey secret,
      KeyRequirements required,
      int parameters) {
    List<SwitchKeyEntry> entries = new ArrayList<>();
    ByteBuffer bytes = ByteBuffer.allocateDirect(scheme.packedSwitchKeyBytes());
    for (SwitchKey key : required.keys()) {
      try (Reference.EvaluationKeys one =
          scheme.evaluationKeys(secret, KeyRequirements.none().with(key))) {
        scheme.packSwitchKey(one, key, bytes.clear());
      }
      writer.add(SectionType.SWITCH_KEY, bytes.flip());
      entries.add(new SwitchKeyEntry(parameters, key));
    }
    return entries;
  }

  /** Loads all keys of one parameter set. */
  static Reference.EvaluationKeys load(
      SchemeBackend scheme,
      ContainerReader container,
      List<SwitchKeyEntry> entries,
      int parameters) {
    Iterable<SchemeBackend.PackedSwitchKey> packed =
        () -> packedKeys(container, entries, parameters, scheme.packedSwitchKeyBytes());
    return container.naming(() -> scheme.loadEvaluationKeys(packed));
  }

  private static Iterator<SchemeBackend.PackedSwitchKey> packedKeys(
      ContainerReader container, List<SwitchKeyEntry> entries, int parameters, int bytesOfOne) {
    return IntStream.range(0, entries.size())
        .filter(i -> entries.get(i).parameters() == parameters)
        .mapToObj(
            i ->
                new SchemeBackend.PackedSwitchKey(
                    entries.get(i).key(), container.read(SectionType.SWITCH_KEY, i, bytesOfOne)))
        .iterator();
  }
}
