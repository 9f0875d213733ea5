package dev.veilsum.table;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Backend;
import dev.veilsum.file.ContainerKind;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.file.ContainerWriter;
import dev.veilsum.file.SectionType;
import dev.veilsum.file.cbor.Cbor;
import dev.veilsum.file.cbor.FieldReader;
import dev.veilsum.io.AtomicOutput;
import dev.veilsum.keys.KeyId;
import dev.veilsum.keys.PassphraseLock;
import dev.veilsum.params.RlweParameters;
import dev.veilsum.seal.SealCompression;
import dev.veilsum.seal.SealFormat;
import dev.veilsum.seal.SealParameters;
import dev.veilsum.seal.SealPlaintext;
import dev.veilsum.seal.SealScheme;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The file that keeps a secret key of Microsoft SEAL: a container with its parameters and the key,
 * sealed with a passphrase as a master key is, or bare. Written with mode 0600, whole or not at
 * all, and never over another file. It decrypts what is under this one key; nothing is derived from
 * it.
 */
public final class ImportedKeyFile {
  /** How the key stands in the file: as SEAL's own object. */
  private static final SealFormat FORMAT = new SealFormat(1, SealCompression.NONE);

  private final ContainerReader container;
  private final RlweParameters parameters;
  private final KeyId keyId;
  private final Optional<PassphraseLock> lock;

  private ImportedKeyFile(
      ContainerReader container,
      RlweParameters parameters,
      KeyId keyId,
      Optional<PassphraseLock> lock) {
    this.container = container;
    this.parameters = parameters;
    this.keyId = keyId;
    this.lock = lock;
  }

  /**
   * Writes a secret key.
   *
   * @param passphrase empty to leave it bare; the caller wipes it
   * @throws VeilsumException OUTPUT_EXISTS, IO; USAGE where the passphrase has no characters;
   *     INSECURE_PARAMETERS, UNSUPPORTED where the engine does not take the parameters
   * @return the key's id
   */
  public static KeyId write(Path file, SealPlaintext key, Optional<char[]> passphrase) {
    RlweParameters parameters = key.parameters().toEngine();
    byte[] object = key.write(FORMAT);
    try (AtomicOutput out = AtomicOutput.create(file, false, AtomicOutput.Access.OWNER_ONLY);
        ContainerWriter writer = new ContainerWriter(out, ContainerKind.IMPORTED_KEY)) {
      KeyId keyId = KeyId.ofImported(parameters.fingerprint().bytes(), ByteBuffer.wrap(object));
      ParameterSections.write(writer, List.of(parameters));
      Optional<PassphraseLock> lock = passphrase.map(p -> PassphraseLock.fresh());
      byte[] stored =
          lock.isPresent()
              ? lock.get().seal(passphrase.get(), associated(parameters, keyId), object)
              : object;
      writer.add(SectionType.SEALED, ByteBuffer.wrap(stored));
      writer.add(metadata(keyId, lock));
      writer.finish();
      return keyId;
    } finally {
      Arrays.fill(object, (byte) 0);
    }
  }

  private static Cbor metadata(KeyId keyId, Optional<PassphraseLock> lock) {
    Map<String, Cbor> fields = new LinkedHashMap<>();
    fields.put("key", Cbor.of(keyId.bytes()));
    lock.ifPresent(
        l ->
            fields.put(
                "lock",
                new Cbor.Fields(
                    Map.of(
                        "memory",
                        Cbor.of(l.memoryKib()),
                        "passes",
                        Cbor.of(l.passes()),
                        "lanes",
                        Cbor.of(l.lanes()),
                        "salt",
                        Cbor.of(l.salt()),
                        "nonce",
                        Cbor.of(l.nonce())))));
    return new Cbor.Fields(fields);
  }

  /** What the passphrase authenticates with the key: parameters, then key id. */
  private static byte[] associated(RlweParameters parameters, KeyId keyId) {
    byte[] canonical = parameters.canonicalBytes();
    return ByteBuffer.allocate(canonical.length + KeyId.BYTES)
        .put(canonical)
        .put(keyId.bytes())
        .array();
  }

  /**
   * Reads the public part; the container stays the caller's to close.
   *
   * @throws VeilsumException BAD_INPUT for a file of another kind, CORRUPT
   */
  public static ImportedKeyFile read(ContainerReader container) {
    container.require(ContainerKind.IMPORTED_KEY);
    List<RlweParameters> sets = ParameterSections.read(container);
    FieldReader in = FieldReader.of(container.metadata(), container.name());
    KeyId keyId = KeyId.of(in.bytes("key", KeyId.BYTES));
    if (sets.size() != 1 || container.count(SectionType.SEALED) != 1) {
      throw in.wrong("key", "does not come with one parameter set and one key");
    }
    Optional<PassphraseLock> lock = Optional.empty();
    if (in.has("lock")) {
      FieldReader fields = in.record("lock");
      lock =
          Optional.of(
              new PassphraseLock(
                  (int) fields.integer("memory", 0, Integer.MAX_VALUE),
                  (int) fields.integer("passes", 0, Integer.MAX_VALUE),
                  (int) fields.integer("lanes", 0, Integer.MAX_VALUE),
                  fields.bytes("salt"),
                  fields.bytes("nonce")));
      fields.finish();
    }
    in.finish();
    return new ImportedKeyFile(container, sets.get(0), keyId, lock);
  }

  public KeyId keyId() {
    return keyId;
  }

  /** Whether it opens what is under this id: its own, or one of an unnamed key. */
  public boolean mayOpen(KeyId other) {
    return mayOpen(keyId, parameters, other);
  }

  static boolean mayOpen(KeyId own, RlweParameters parameters, KeyId other) {
    return other.equals(own) || other.equals(KeyId.ofUnnamed(parameters.fingerprint().bytes()));
  }

  /**
   * Checks that the engine takes a secret key: a ternary one, of parameters that it has.
   *
   * @throws VeilsumException CORRUPT, INSECURE_PARAMETERS, UNSUPPORTED
   */
  public static void check(SealPlaintext key, Backend backend) {
    SealScheme.on(TableScheme.on(backend, key.parameters().toEngine())).secretKey(key).close();
  }

  /** The parameters of the key. */
  public RlweParameters parameters() {
    return parameters;
  }

  public boolean isSealed() {
    return lock.isPresent();
  }

  /**
   * Opens the key.
   *
   * @param passphrase asked once, and only where the file is sealed; what it gives is wiped. Null
   *     from it means that there is none
   * @throws VeilsumException PASSPHRASE_NEEDED, WRONG_PASSPHRASE, CORRUPT
   */
  public TableSecret open(Supplier<char[]> passphrase) {
    ByteBuffer section = container.read(SectionType.SEALED, 0);
    byte[] stored = new byte[section.remaining()];
    section.duplicate().get(stored);
    byte[] object = stored;
    if (lock.isPresent()) {
      char[] typed = passphrase.get();
      if (typed == null) {
        throw new VeilsumException(
            ErrorCode.PASSPHRASE_NEEDED, container.name() + " is sealed; give its passphrase");
      }
      try {
        object = lock.get().open(typed, associated(parameters, keyId), stored, container.name());
      } finally {
        Arrays.fill(typed, '\0');
      }
    } else {
      wipe(section);
    }
    return checked(object);
  }

  private TableSecret checked(byte[] object) {
    byte[] opened = object;
    TableSecret secret =
        container.naming(
            () -> {
              if (!KeyId.ofImported(parameters.fingerprint().bytes(), ByteBuffer.wrap(opened))
                  .equals(keyId)) {
                Arrays.fill(opened, (byte) 0);
                throw new VeilsumException(
                    ErrorCode.CORRUPT, "its key is not the one that it names; restore a copy");
              }
              SealPlaintext.readSecretKey(ByteBuffer.wrap(opened), SealParameters.of(parameters))
                  .close();
              return TableSecret.imported(keyId, parameters, opened);
            });
    return secret;
  }

  private static void wipe(ByteBuffer bytes) {
    for (int i = 0; i < bytes.limit(); i++) {
      bytes.put(i, (byte) 0);
    }
  }
}
