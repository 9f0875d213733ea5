package dev.veilsum.table;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Reference;
import dev.veilsum.backend.SchemeBackend;
import dev.veilsum.keys.KeyId;
import dev.veilsum.keys.MasterKey;
import dev.veilsum.params.RlweParameters;
import dev.veilsum.seal.SealPlaintext;
import dev.veilsum.seal.SealScheme;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What decrypts tables and results: the master key, from which the secret of every parameter set is
 * derived, or the one secret of an {@link ImportedKeyFile}. Thread-safe; closing it twice is
 * harmless.
 */
public abstract sealed class TableSecret implements AutoCloseable {
  private final KeyId keyId;

  private TableSecret(KeyId keyId) {
    this.keyId = keyId;
  }

  /** A master key, which stays the caller's to close. */
  public static TableSecret of(MasterKey master) {
    return new Derived(master, false);
  }

  /** A master key, which is closed with it. */
  public static TableSecret owned(MasterKey master) {
    return new Derived(master, true);
  }

  /** The secret key of a SEAL object of these parameters; the array is wiped on close. */
  static TableSecret imported(KeyId keyId, RlweParameters parameters, byte[] object) {
    return new Imported(keyId, parameters, object);
  }

  /** The public name of the key. */
  public KeyId keyId() {
    return keyId;
  }

  /** Whether what is under a key id is, or may be, under this key. */
  public boolean mayOpen(KeyId other) {
    return keyId.equals(other);
  }

  /** The secret key of a scheme's parameters; the caller closes it. */
  public abstract Reference.SecretKey secretKey(SchemeBackend scheme);

  /** Nothing of the secret. */
  @Override
  public String toString() {
    return "TableSecret";
  }

  @Override
  public abstract void close();

  private static final class Derived extends TableSecret {
    private final MasterKey master;
    private final boolean owned;

    Derived(MasterKey master, boolean owned) {
      super(master.keyId());
      this.master = master;
      this.owned = owned;
    }

    @Override
    public Reference.SecretKey secretKey(SchemeBackend scheme) {
      return TableScheme.secretKey(master, scheme);
    }

    @Override
    public void close() {
      if (owned) {
        master.close();
      }
    }
  }

  private static final class Imported extends TableSecret {
    private final RlweParameters parameters;
    private final byte[] object;
    private boolean closed;

    Imported(KeyId keyId, RlweParameters parameters, byte[] object) {
      super(keyId);
      this.parameters = parameters;
      this.object = object;
    }

    @Override
    public boolean mayOpen(KeyId other) {
      return ImportedKeyFile.mayOpen(keyId(), parameters, other);
    }

    @Override
    public synchronized Reference.SecretKey secretKey(SchemeBackend scheme) {
      if (closed) {
        throw new VeilsumException(ErrorCode.CLOSED, "the secret key is closed; open it again");
      }
      if (!scheme.parameters().equals(parameters)) {
        throw new VeilsumException(
            ErrorCode.PARAMETER_MISMATCH,
            "this secret key was imported for %s, and %s are needed"
                .formatted(parameters, scheme.parameters()));
      }
      SealScheme seal = SealScheme.on(scheme);
      try (SealPlaintext key =
          SealPlaintext.readSecretKey(ByteBuffer.wrap(object), seal.parameters())) {
        return seal.secretKey(key);
      }
    }

    @Override
    public synchronized void close() {
      closed = true;
      Arrays.fill(object, (byte) 0);
    }
  }
}
