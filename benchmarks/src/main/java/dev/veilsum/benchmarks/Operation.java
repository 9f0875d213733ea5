package dev.veilsum.benchmarks;

import dev.veilsum.params.BfvParameters;
import dev.veilsum.params.CkksParameters;
import dev.veilsum.params.RlweParameters;
import java.util.List;
import java.util.function.Consumer;

/**
 * One operation, twice on the same operands.
 *
 * @param name the field's name of it
 * @param fromJava calls of the typed API; each result is closed
 * @param inNative the same within native code
 */
record Operation(String name, Arm fromJava, Arm inNative) {
  static Operation of(String name, Runnable fromJava, Arm inNative) {
    return new Operation(name, Arm.ofCalls(fromJava), inNative);
  }

  /**
   * Measures the operations of one set of parameters while its operands live.
   *
   * @param named those whose name contains one of these; the empty text is in every name
   */
  static void each(RlweParameters parameters, List<String> named, Consumer<Operation> measure) {
    Consumer<Operation> chosen =
        operation -> {
          if (named.stream().anyMatch(operation.name()::contains)) {
            measure.accept(operation);
          }
        };
    if (parameters instanceof CkksParameters ckks) {
      try (CkksOperations operations = new CkksOperations(ckks)) {
        operations.all().forEach(chosen);
      }
    } else {
      try (BfvOperations operations = new BfvOperations((BfvParameters) parameters)) {
        operations.all().forEach(chosen);
      }
    }
  }
}
