package dev.veilsum.benchmarks;

import dev.veilsum.backend.Backend;
import dev.veilsum.backend.Backends;
import dev.veilsum.backend.CkksBackend;
import dev.veilsum.backend.Diagonals;
import dev.veilsum.backend.Reference;
import dev.veilsum.backend.core.CkksFunctions;
import dev.veilsum.backend.core.CoreCkks;
import dev.veilsum.params.CkksParameters;
import dev.veilsum.params.KeyRequirements;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A dense d x d matrix of real numbers times an encrypted vector, in three ways, each rescaled at
 * its end. All are checked against the product in the clear before anything is measured.
 */
final class MatrixProduct implements AutoCloseable {
  /** A way to compute it. */
  enum Way {
    /** The linear transform of the backend: on the core, hoisted twice. */
    TRANSFORM("linear transform"),
    /** Baby and giant steps of rotations (the former hoisted), plain products and sums. */
    STEPS("baby and giant steps, composed"),
    /** A rotation (hoisted) and a plain product for each diagonal. */
    ROTATIONS("a rotation for each diagonal, hoisted");

    final String description;

    Way(String description) {
      this.description = description;
    }
  }

  private final int dimension;
  private final CkksBackend ckks;

  /** The same engine, with the linear transform that every backend has. */
  private final CkksBackend composing;

  private final double[] expected;
  private final Reference.SecretKey secret;
  private final Reference.EvaluationKeys keys;
  private final Reference.Ciphertext vector;
  private final Reference.LinearTransform transform;
  private final Reference.LinearTransform composed;
  private final int[] rotations;
  private final List<Reference.Plaintext> diagonals = new ArrayList<>();

  MatrixProduct(int n, int dimension, String backendName) {
    CkksParameters parameters = Sets.ckks(n, backendName);
    Backend backend = Backends.named(backendName);
    this.dimension = dimension;
    this.ckks = backend.ckks(parameters);
    this.composing =
        backendName.equals("core")
            ? new CoreCkks(parameters, context -> new CkksFunctions())
            : ckks;
    int level = parameters.maxLevel();
    double scale = parameters.modulusChain().get(level);
    Random random = new Random(dimension);
    double[][] matrix = new double[dimension][];
    for (int i = 0; i < dimension; i++) {
      matrix[i] = random.doubles(dimension, -1.0 / dimension, 1.0 / dimension).toArray();
    }
    double[] v = random.doubles(dimension, -1, 1).toArray();
    this.expected =
        IntStream.range(0, dimension)
            .mapToDouble(
                i -> IntStream.range(0, dimension).mapToDouble(j -> matrix[i][j] * v[j]).sum())
            .toArray();

    Diagonals of = Diagonals.ofMatrix(matrix);
    int babySteps = ckks.babySteps(of, level);
    this.transform = ckks.linearTransform(of, babySteps, level, scale);
    this.composed = composing.linearTransform(of, babySteps, level, scale);
    this.rotations = of.indices();
    for (int k : rotations) {
      diagonals.add(
          ckks.encode(of.real(k), 0, dimension, 2.0 / dimension, dimension, level, scale));
    }
    this.secret = ckks.secretKey(Seeds.fixed());
    this.keys = ckks.evaluationKeys(secret, KeyRequirements.rotations(rotations));
    try (Reference.Plaintext message =
        ckks.encode(v, 0, dimension, 1, dimension, level, parameters.scale())) {
      this.vector = ckks.encryptSeeded(secret, message);
    }
    for (Way way : Way.values()) {
      verify(way);
    }
  }

  Reference.Ciphertext compute(Way way) {
    return switch (way) {
      case TRANSFORM -> ckks.applyRescale(transform, vector, keys);
      case STEPS -> composing.applyRescale(composed, vector, keys);
      case ROTATIONS -> rotationsAndProducts();
    };
  }

  private Reference.Ciphertext rotationsAndProducts() {
    List<Reference.Ciphertext> rotated = ckks.rotateMany(vector, rotations, keys);
    try (Reference.Ciphertext sum = ckks.innerProductPlain(rotated, diagonals)) {
      return ckks.rescale(sum, 1);
    } finally {
      rotated.forEach(Reference::close);
    }
  }

  private void verify(Way way) {
    double[] found = new double[dimension];
    try (Reference.Ciphertext result = compute(way)) {
      ckks.decrypt(secret, result, found, 0, dimension);
    }
    for (int i = 0; i < dimension; i++) {
      if (!(Math.abs(found[i] - expected[i]) < 1e-3)) {
        throw new AssertionError(
            "slot %d by %s is %s, not %s".formatted(i, way.description, found[i], expected[i]));
      }
    }
  }

  /** log2 of the bound on the noise of a way's result. */
  double noiseBoundBits(Way way) {
    try (Reference.Ciphertext result = compute(way)) {
      return ckks.noiseBoundBits(result);
    }
  }

  /** Rotations that need a key, and bytes of encoded diagonals. */
  String costs(Way way) {
    int keyCount =
        way == Way.ROTATIONS ? rotations.length - 1 : transform.plan().keys().keys().size();
    long bytes =
        switch (way) {
          case TRANSFORM -> transform.memoryBytes();
          case STEPS -> composed.memoryBytes();
          case ROTATIONS -> diagonals.stream().mapToLong(Reference::memoryBytes).sum();
        };
    return "%d | %.1f MB".formatted(keyCount, bytes * 1e-6);
  }

  @Override
  public void close() {
    diagonals.forEach(Reference::close);
    for (Reference r : new Reference[] {composed, transform, vector, keys, secret}) {
      r.close();
    }
  }
}
