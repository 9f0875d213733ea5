package dev.veilsum.table;

import dev.veilsum.backend.Backend;
import dev.veilsum.backend.Reference;
import dev.veilsum.backend.SchemeBackend;
import dev.veilsum.file.ColumnKind;
import dev.veilsum.keys.MasterKey;
import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.CkksParameters;
import dev.veilsum.params.KeyRequirements;
import dev.veilsum.params.Presets;
import dev.veilsum.params.RlweParameters;
import dev.veilsum.params.SwitchKey;
import java.util.List;

/** Which parameters the kinds of columns take, and the keys that go with them. */
public final class TableScheme {
  private static final String SECRET_PURPOSE = "rlwe secret";

  private TableScheme() {}

  /** The parameter sets of tables: real numbers, then integers and categories. */
  public static List<RlweParameters> parameterSets() {
    return List.of(Presets.TABLE_REAL.parameters(), Presets.TABLE_INTEGER.parameters());
  }

  /** The parameter set of a column kind. */
  static RlweParameters parametersOf(ColumnKind kind) {
    return kind instanceof ColumnKind.Real
        ? Presets.TABLE_REAL.parameters()
        : Presets.TABLE_INTEGER.parameters();
  }

  /** The key-switching keys that questions about a table's columns take. */
  public static KeyRequirements questionKeys(RlweParameters parameters) {
    return SlotFold.requirements(parameters).with(SwitchKey.RELINEARIZATION);
  }

  /** How many rows one ciphertext holds. */
  static int rowsPerChunk(RlweParameters parameters) {
    return parameters instanceof CkksParameters ckks
        ? ckks.slots()
        : ((BfvParameters) parameters).slots();
  }

  static SchemeBackend on(Backend backend, RlweParameters parameters) {
    return parameters instanceof CkksParameters ckks
        ? backend.ckks(ckks)
        : backend.bfv((BfvParameters) parameters);
  }

  /** The secret key of a parameter set: the same whenever it is derived. */
  static Reference.SecretKey secretKey(MasterKey master, SchemeBackend scheme) {
    return master.withSeed(
        SECRET_PURPOSE, scheme.parameters().fingerprint().bytes(), scheme::secretKey);
  }
}
