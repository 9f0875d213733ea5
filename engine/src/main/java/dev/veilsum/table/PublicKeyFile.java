package dev.veilsum.table;

import dev.veilsum.backend.Backend;
import dev.veilsum.backend.Reference;
import dev.veilsum.backend.SchemeBackend;
import dev.veilsum.file.ContainerKind;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.file.ContainerWriter;
import dev.veilsum.file.SectionType;
import dev.veilsum.file.SwitchKeyEntry;
import dev.veilsum.file.cbor.Cbor;
import dev.veilsum.file.cbor.FieldReader;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.keys.KeyId;
import dev.veilsum.keys.MasterKey;
import dev.veilsum.params.KeyRequirements;
import dev.veilsum.params.RlweParameters;
import dev.veilsum.params.SwitchKey;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A file of public keys: for each parameter set its encryption key and exactly the key-switching
 * keys that were asked for, seeded (half size). It opens nothing: hand it out.
 */
public final class PublicKeyFile {
  private final ContainerReader container;
  private final KeyId keyId;
  private final List<RlweParameters> parameters;
  private final List<SwitchKeyEntry> switchKeys;

  private PublicKeyFile(
      ContainerReader container,
      KeyId keyId,
      List<RlweParameters> parameters,
      List<SwitchKeyEntry> switchKeys) {
    this.container = container;
    this.keyId = keyId;
    this.parameters = parameters;
    this.switchKeys = switchKeys;
  }

  /**
   * Makes the keys, one at a time, and writes them.
   *
   * @param keys which key-switching keys each set needs, for example {@link
   *     TableScheme#questionKeys}
   */
  public static void write(
      AtomicOutput out,
      MasterKey master,
      Backend backend,
      List<RlweParameters> sets,
      Function<RlweParameters, KeyRequirements> keys) {
    try (ContainerWriter writer = new ContainerWriter(out, ContainerKind.PUBLIC_KEYS)) {
      ParameterSections.write(writer, sets);
      List<SwitchKeyEntry> entries = new ArrayList<>();
      for (int i = 0; i < sets.size(); i++) {
        SchemeBackend scheme = TableScheme.on(backend, sets.get(i));
        try (Reference.SecretKey secret = TableScheme.secretKey(master, scheme)) {
          writeEncryptionKey(writer, scheme, secret);
          entries.addAll(
              SwitchKeySections.write(writer, scheme, secret, keys.apply(sets.get(i)), i));
        }
      }
      writer.add(
          new Cbor.Fields(
              Map.of(
                  "key",
                  Cbor.of(master.keyId().bytes()),
                  SwitchKeyEntry.FIELD,
                  SwitchKeyEntry.toCbor(entries))));
      writer.finish();
    }
  }

  /** The bytes of the keys that {@link #write} would write, without a few hundred of framing. */
  public static long predictedBytes(
      List<RlweParameters> sets, Function<RlweParameters, KeyRequirements> keys) {
    long bytes = 0;
    for (RlweParameters set : sets) {
      bytes += set.publicKeyBytes() + keys.apply(set).packedBytes(set);
    }
    return bytes;
  }

  private static void writeEncryptionKey(
      ContainerWriter writer, SchemeBackend scheme, Reference.SecretKey secret) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(scheme.packedPublicKeyBytes());
    try (Reference.PublicKey key = scheme.publicKey(secret)) {
      scheme.packPublicKey(key, bytes);
    }
    writer.add(SectionType.PUBLIC_KEY, bytes.flip());
  }

  /**
   * Reads what a file of public keys holds; the keys themselves are read when they are needed. The
   * container stays the caller's to close.
   *
   * @throws dev.veilsum.VeilsumException BAD_INPUT for a file of another kind, CORRUPT
   */
  public static PublicKeyFile read(ContainerReader container) {
    container.require(ContainerKind.PUBLIC_KEYS);
    List<RlweParameters> parameters = ParameterSections.read(container);
    FieldReader in = FieldReader.of(container.metadata(), container.name());
    KeyId keyId = KeyId.of(in.bytes("key", KeyId.BYTES));
    List<SwitchKeyEntry> entries = SwitchKeyEntry.read(in, container.name(), parameters.size());
    SwitchKeyEntry.requireSections(entries, container);
    if (container.count(SectionType.PUBLIC_KEY) != parameters.size()) {
      throw in.wrong("key", "does not come with one encryption key for each parameter set");
    }
    in.finish();
    return new PublicKeyFile(container, keyId, parameters, entries);
  }

  /** The master key that the keys were made from. */
  public KeyId keyId() {
    return keyId;
  }

  public List<RlweParameters> parameters() {
    return parameters;
  }

  /** Which key-switching keys it has for one of its parameter sets. */
  public KeyRequirements switchKeys(RlweParameters of) {
    KeyRequirements keys = KeyRequirements.none();
    for (SwitchKeyEntry entry : switchKeys) {
      if (parameters.get(entry.parameters()).equals(of)) {
        keys = keys.with(entry.key());
      }
    }
    return keys;
  }

  /** Loads the encryption key of a scheme's parameters, where it is here. */
  Optional<Reference.PublicKey> encryptionKey(SchemeBackend scheme) {
    int index = parameters.indexOf(scheme.parameters());
    if (index < 0) {
      return Optional.empty();
    }
    ByteBuffer packed =
        container.read(SectionType.PUBLIC_KEY, index, scheme.packedPublicKeyBytes());
    return Optional.of(container.naming(() -> scheme.loadPublicKey(packed)));
  }

  /** The packed key-switching key, where it is here. */
  Optional<ByteBuffer> switchKey(RlweParameters of, SwitchKey key) {
    int section = switchKeys.indexOf(new SwitchKeyEntry(parameters.indexOf(of), key));
    return section < 0
        ? Optional.empty()
        : Optional.of(container.read(SectionType.SWITCH_KEY, section));
  }
}
