package dev.veilsum.table;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Reference;
import dev.veilsum.backend.SchemeBackend;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.file.ContainerWriter;
import dev.veilsum.file.SectionType;
import dev.veilsum.params.RlweParameters;
import java.nio.ByteBuffer;

/** The ciphertexts of a container, one CIPHERTEXT section each. */
final class CiphertextSections {
  private CiphertextSections() {}

  /** Appends a ciphertext; returns its number. */
  static int write(ContainerWriter writer, SchemeBackend scheme, Reference.Ciphertext c) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(scheme.packedBytes(c));
    scheme.packCiphertext(c, bytes);
    return writer.add(SectionType.CIPHERTEXT, bytes.flip());
  }

  /**
   * Loads one by its number.
   *
   * @throws VeilsumException CORRUPT for what is no ciphertext of these parameters
   */
  static Reference.Ciphertext load(ContainerReader container, SchemeBackend scheme, int section) {
    RlweParameters set = scheme.parameters();
    // Far above three polynomials in whole words: what is longer is not even read.
    long most = 4 * set.ciphertextBytes(set.maxLevel(), false);
    if (container.length(SectionType.CIPHERTEXT, section) > most) {
      throw corrupt(
          container,
          "ciphertext %d has %d bytes, more than these parameters make"
              .formatted(section, container.length(SectionType.CIPHERTEXT, section)));
    }
    ByteBuffer bytes = container.read(SectionType.CIPHERTEXT, section);
    Reference.Ciphertext loaded = container.naming(() -> scheme.loadCiphertext(bytes));
    if (bytes.hasRemaining()) {
      loaded.close();
      throw corrupt(
          container, "a ciphertext is followed by " + bytes.remaining() + " bytes too many");
    }
    return loaded;
  }

  private static VeilsumException corrupt(ContainerReader container, String how) {
    return new VeilsumException(
        ErrorCode.CORRUPT, "%s is damaged: %s; get a new copy".formatted(container.name(), how));
  }
}
