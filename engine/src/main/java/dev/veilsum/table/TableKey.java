package dev.veilsum.table;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Backend;
import dev.veilsum.backend.BfvBackend;
import dev.veilsum.backend.CkksBackend;
import dev.veilsum.backend.Reference;
import dev.veilsum.backend.SchemeBackend;
import dev.veilsum.file.ContainerReader;
import dev.veilsum.file.ContainerWriter;
import dev.veilsum.file.SectionType;
import dev.veilsum.file.SwitchKeyEntry;
import dev.veilsum.keys.KeyId;
import dev.veilsum.keys.MasterKey;
import dev.veilsum.keys.SearchKey;
import dev.veilsum.params.KeyRequirements;
import dev.veilsum.params.Presets;
import dev.veilsum.params.RlweParameters;
import dev.veilsum.params.SwitchKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What a table is encrypted with: a file of public keys, or the master key itself (then fresh
 * ciphertexts are seeded, half the size, with less noise). Also provides the key-switching keys
 * that the table carries for its questions. Thread-safe; closing it leaves file and master key
 * open.
 */
public abstract sealed class TableKey implements AutoCloseable {
  private final KeyId keyId;
  private final Backend backend;
  private final Map<RlweParameters, Reference> opened = new HashMap<>();

  private TableKey(KeyId keyId, Backend backend) {
    this.keyId = keyId;
    this.backend = backend;
  }

  /**
   * Encrypts with public keys.
   *
   * @throws VeilsumException BAD_INPUT, CORRUPT
   */
  public static TableKey ofPublic(ContainerReader publicKeys, Backend backend) {
    return new Public(PublicKeyFile.read(publicKeys), publicKeys.name(), backend);
  }

  /** Encrypts with secret keys that are derived from the master key. */
  public static TableKey ofSecret(MasterKey master, Backend backend) {
    return new Secret(master, backend);
  }

  /** The master key that decrypts. */
  public KeyId keyId() {
    return keyId;
  }

  SchemeBackend scheme(RlweParameters parameters) {
    return TableScheme.on(backend, parameters);
  }

  /** Encrypts one chunk. */
  abstract Reference.Ciphertext encrypt(SchemeBackend scheme, Reference.Plaintext chunk);

  /**
   * The key that makes the tokens of a column; closed with this one.
   *
   * @throws VeilsumException MISSING_KEY where only public keys are here
   */
  abstract SearchKey searchKey(String column);

  /** Appends the key-switching keys that questions take, as far as they are here. */
  abstract List<SwitchKeyEntry> writeQuestionKeys(
      ContainerWriter writer, RlweParameters parameters, int index);

  /** The key of a parameter set, opened once. */
  final synchronized <K extends Reference> K opened(
      Class<K> type, RlweParameters parameters, Supplier<K> open) {
    return type.cast(opened.computeIfAbsent(parameters, p -> open.get()));
  }

  @Override
  public synchronized void close() {
    opened.values().forEach(Reference::close);
    opened.clear();
  }

  private static final class Public extends TableKey {
    private final PublicKeyFile file;
    private final String name;

    Public(PublicKeyFile file, String name, Backend backend) {
      super(file.keyId(), backend);
      this.file = file;
      this.name = name;
    }

    @Override
    Reference.Ciphertext encrypt(SchemeBackend scheme, Reference.Plaintext chunk) {
      RlweParameters parameters = scheme.parameters();
      Reference.PublicKey key =
          opened(
              Reference.PublicKey.class,
              parameters,
              () -> file.encryptionKey(scheme).orElseThrow(() -> lacks(parameters)));
      return scheme instanceof CkksBackend ckks
          ? ckks.encrypt(key, chunk)
          : ((BfvBackend) scheme).encrypt(key, chunk, parameters.maxLevel());
    }

    @Override
    SearchKey searchKey(String column) {
      throw new VeilsumException(
          ErrorCode.MISSING_KEY,
          "the tokens of column %s are made with the secret key, and %s has public ones only"
              .formatted(column, name));
    }

    /** Those that the file has: made for fewer questions, it makes smaller tables for them. */
    @Override
    List<SwitchKeyEntry> writeQuestionKeys(
        ContainerWriter writer, RlweParameters parameters, int index) {
      if (!file.parameters().contains(parameters)) {
        throw lacks(parameters);
      }
      List<SwitchKeyEntry> written = new ArrayList<>();
      for (SwitchKey key : TableScheme.questionKeys(parameters).keys()) {
        file.switchKey(parameters, key)
            .ifPresent(
                bytes -> {
                  writer.add(SectionType.SWITCH_KEY, bytes);
                  written.add(new SwitchKeyEntry(index, key));
                });
      }
      return written;
    }

    private VeilsumException lacks(RlweParameters parameters) {
      return new VeilsumException(
          ErrorCode.PARAMETER_MISMATCH,
          "%s has no keys for %s; make it again with %s"
              .formatted(
                  name,
                  parameters,
                  Presets.all().stream()
                      .filter(preset -> preset.parameters().equals(parameters))
                      .map(preset -> "--preset " + preset.name())
                      .findFirst()
                      .orElse("these parameters")));
    }
  }

  private static final class Secret extends TableKey {
    private final MasterKey master;
    private SearchKey searchKey;

    Secret(MasterKey master, Backend backend) {
      super(master.keyId(), backend);
      this.master = master;
    }

    @Override
    synchronized SearchKey searchKey(String column) {
      if (searchKey == null) {
        searchKey = SearchKey.derive(master);
      }
      return searchKey;
    }

    @Override
    public synchronized void close() {
      super.close();
      if (searchKey != null) {
        searchKey.close();
      }
    }

    private Reference.SecretKey secret(SchemeBackend scheme) {
      return opened(
          Reference.SecretKey.class,
          scheme.parameters(),
          () -> TableScheme.secretKey(master, scheme));
    }

    @Override
    Reference.Ciphertext encrypt(SchemeBackend scheme, Reference.Plaintext chunk) {
      return scheme instanceof CkksBackend ckks
          ? ckks.encryptSeeded(secret(scheme), chunk)
          : ((BfvBackend) scheme)
              .encryptSeeded(secret(scheme), chunk, scheme.parameters().maxLevel());
    }

    @Override
    List<SwitchKeyEntry> writeQuestionKeys(
        ContainerWriter writer, RlweParameters parameters, int index) {
      SchemeBackend scheme = scheme(parameters);
      KeyRequirements keys = TableScheme.questionKeys(parameters);
      return SwitchKeySections.write(writer, scheme, secret(scheme), keys, index);
    }
  }
}
