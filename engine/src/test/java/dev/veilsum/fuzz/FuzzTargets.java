package dev.veilsum.fuzz;

import dev.veilsum.aggregate.AggregateFuzz;
import dev.veilsum.backend.core.CoreFuzz;
import dev.veilsum.file.FileFuzz;
import dev.veilsum.file.rows.RowsFuzz;
import dev.veilsum.file.tensor.TensorFuzz;
import dev.veilsum.keys.KeysFuzz;
import dev.veilsum.paillier.PaillierFuzz;
import dev.veilsum.params.ParametersFuzz;
import dev.veilsum.privacy.PrivacyFuzz;
import dev.veilsum.seal.SealFuzz;
import dev.veilsum.sharing.SharingFuzz;
import dev.veilsum.table.TableFuzz;
import dev.veilsum.threshold.ThresholdFuzz;
import java.util.List;
import java.util.stream.Stream;

/** All readers of untrusted bytes. */
final class FuzzTargets {
  private FuzzTargets() {}

  static List<FuzzTarget> all() {
    return Stream.of(
            ParametersFuzz.targets(),
            KeysFuzz.targets(),
            FileFuzz.targets(),
            RowsFuzz.targets(),
            TensorFuzz.targets(),
            CoreFuzz.targets(),
            TableFuzz.targets(),
            PaillierFuzz.targets(),
            SealFuzz.targets(),
            AggregateFuzz.targets(),
            SharingFuzz.targets(),
            PrivacyFuzz.targets(),
            ThresholdFuzz.targets())
        .flatMap(List::stream)
        .toList();
  }

  static FuzzTarget named(String name) {
    return all().stream().filter(target -> target.name().equals(name)).findFirst().orElseThrow();
  }
}
