package dev.veilsum.table;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.file.ContainerWriter;
import dev.veilsum.file.SectionType;
import dev.veilsum.params.RlweParameters;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** The parameter sets of a container, one PARAMETERS section each. */
final class ParameterSections {
  private ParameterSections() {}

  static void write(ContainerWriter writer, List<? extends RlweParameters> sets) {
    for (RlweParameters set : sets) {
      writer.add(SectionType.PARAMETERS, ByteBuffer.wrap(set.canonicalBytes()));
    }
  }

  /** All sets; their security was checked against the level that they name. */
  static List<RlweParameters> read(ContainerReader container) {
    List<RlweParameters> sets = new ArrayList<>();
    for (int i = 0; i < container.count(SectionType.PARAMETERS); i++) {
      ByteBuffer section = container.read(SectionType.PARAMETERS, i);
      byte[] bytes = new byte[section.remaining()];
      section.get(bytes);
      sets.add(container.naming(() -> RlweParameters.fromCanonicalBytes(bytes)));
    }
    if (new HashSet<>(sets).size() < sets.size()) {
      throw new VeilsumException(
          ErrorCode.CORRUPT, container.name() + " is damaged: it has the same parameters twice");
    }
    return List.copyOf(sets);
  }
}
