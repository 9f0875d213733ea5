package dev.veilsum.benchmarks;

import dev.veilsum.backend.Backend;
import dev.veilsum.backend.BfvBackend;
import dev.veilsum.params.BfvParameters;
import org.openjdk.jmh.annotations.Param;

/** {@link IntegerBenchmark} by BGV, under the same parameters; those of N=4096 hold no product. */
public class BgvBenchmark extends IntegerBenchmark {
  /** The ring degree. */
  @Param({"8192", "16384", "32768"})
  public int n;

  @Override
  int degree() {
    return n;
  }

  @Override
  BfvBackend engine(Backend engine, BfvParameters parameters) {
    return engine.bgv(parameters);
  }
}
