package dev.veilsum.table;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.backend.Backend;
import dev.veilsum.backend.BfvBackend;
import dev.veilsum.backend.Reference;
import dev.veilsum.backend.SchemeBackend;
import dev.veilsum.bfv.IntegerScheme;
import dev.veilsum.file.SortedLayout;
import dev.veilsum.keys.MasterKey;
import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.CkksParameters;
import dev.veilsum.params.KeyRequirements;
import dev.veilsum.params.Presets;
import dev.veilsum.params.RlweParameters;
import dev.veilsum.params.SwitchKey;
import java.util.List;

/** Which parameters the encodings of columns take, and the keys that go with them. */
public final class TableScheme {
  private static final String SECRET_PURPOSE = "rlwe secret";

  private TableScheme() {}

  /** How many products the integers of a table afford. */
  public enum Depth {
    /** One: a condition on one column, times values; or one on two columns. */
    SHALLOW(1),
    /** Three: conditions on several columns, times values. */
    DEEP(3);

    private final int products;

    Depth(int products) {
      this.products = products;
    }

    /** Products in a row. */
    public int products() {
      return products;
    }
  }

  /**
   * The parameter sets of most tables: real numbers, integers and masks, sorted columns. {@link
   * Depth#DEEP} and layout b have larger keys and are named where they are needed.
   */
  public static List<RlweParameters> parameterSets() {
    return List.of(real(), integer(Depth.SHALLOW), sorted(SortedLayout.A));
  }

  /** Real numbers. */
  public static CkksParameters real() {
    return Presets.TABLE_REAL.parameters();
  }

  /** Integers, decimals and masks. */
  public static BfvParameters integer(Depth depth) {
    return depth == Depth.DEEP
        ? Presets.TABLE_INTEGER_DEEP.parameters()
        : Presets.TABLE_INTEGER.parameters();
  }

  /** Sorted columns and times, in digits. */
  public static BfvParameters sorted(SortedLayout layout) {
    return layout == SortedLayout.B
        ? Presets.BGV_16384.parameters()
        : Presets.BGV_8192.parameters();
  }

  /** The key-switching keys that questions about a table's columns take. */
  public static KeyRequirements questionKeys(RlweParameters parameters) {
    return isSorted(parameters)
        ? KeyRequirements.relinearization() // answers are given slot by slot
        : SlotFold.requirements(parameters).with(SwitchKey.RELINEARIZATION);
  }

  /** How many rows one ciphertext holds. */
  static int rowsPerChunk(RlweParameters parameters) {
    return parameters instanceof CkksParameters ckks
        ? ckks.slots()
        : ((BfvParameters) parameters).slots();
  }

  /**
   * The scheme in which a table's ciphertexts of these parameters are computed with: BGV's products
   * for sorted columns, whose parameters are made for them, BFV's for all other integers. Keys and
   * bytes are the same.
   */
  static SchemeBackend on(Backend backend, RlweParameters parameters) {
    if (parameters instanceof CkksParameters ckks) {
      return backend.ckks(ckks);
    }
    BfvParameters integers = (BfvParameters) parameters;
    return isSorted(integers) ? bgvOrBfv(backend, integers) : backend.bfv(integers);
  }

  /** Whose products {@link #on} computes. */
  static IntegerScheme schemeOf(Backend backend, BfvParameters parameters) {
    boolean bgv = isSorted(parameters) && bgvOrBfv(backend, parameters) != backend.bfv(parameters);
    return bgv ? IntegerScheme.BGV : IntegerScheme.BFV;
  }

  /** A backend without BGV still encrypts and decrypts. */
  private static BfvBackend bgvOrBfv(Backend backend, BfvParameters parameters) {
    try {
      return backend.bgv(parameters);
    } catch (VeilsumException e) {
      if (e.code() != ErrorCode.UNSUPPORTED) {
        throw e;
      }
      return backend.bfv(parameters);
    }
  }

  /** Whether they are those of sorted columns. */
  static boolean isSorted(RlweParameters parameters) {
    return parameters.equals(sorted(SortedLayout.A)) || parameters.equals(sorted(SortedLayout.B));
  }

  /** The secret key of a parameter set: the same whenever it is derived. */
  static Reference.SecretKey secretKey(MasterKey master, SchemeBackend scheme) {
    return master.withSeed(
        SECRET_PURPOSE, scheme.parameters().fingerprint().bytes(), scheme::secretKey);
  }
}
