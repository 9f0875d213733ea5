package dev.veilsum.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.veilsum.bfv.IntegerRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;

/** What node-seal wrote for one parameter set (src/test/node/exchange.mjs), and what it holds. */
final class NodeSealObjects {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;
  private final JsonNode stated;
  private final SealParameters parameters;
  final boolean ckks;
  final double[] x;
  final double[] y;

  NodeSealObjects(Path folder) throws IOException {
    this.folder = folder;
    this.stated = JSON.readTree(folder.resolve("values.json").toFile());
    this.ckks = stated.get("scheme").asText().equals("ckks");
    this.parameters = SealParameters.read(buffer("parms"));
    this.x = numbers("x");
    this.y = numbers("y");
  }

  String name() {
    return folder.getFileName().toString();
  }

  String scheme() {
    return stated.get("scheme").asText();
  }

  double scale() {
    return stated.get("scale").asDouble();
  }

  /** Asserts that SEAL has the same names for the parameters. */
  void checkIds() {
    int[] primes = {parameters.primes().size(), parameters.dataPrimes()};
    for (int i = 0; i < primes.length; i++) {
      ByteBuffer id = ByteBuffer.wrap(parameters.parmsId(primes[i])).order(ByteOrder.LITTLE_ENDIAN);
      for (JsonNode word : stated.get("parms_ids").get(i)) {
        assertThat(Long.toUnsignedString(id.getLong())).isEqualTo(word.asText());
      }
    }
  }

  /** The engine with node-seal's keys. */
  ExchangeParty theirs() throws IOException {
    SealPlaintext secret = SealPlaintext.readSecretKey(buffer("secret"), parameters);
    SealCiphertext key = SealCiphertext.readPublicKey(buffer("public"), parameters);
    SealSwitchKeys[] keys = {
      SealSwitchKeys.read(buffer("relin"), parameters, SealSwitchKeys.Kind.RELINEARIZATION),
      SealSwitchKeys.read(buffer("galois"), parameters, SealSwitchKeys.Kind.GALOIS)
    };
    if (ckks) {
      SealCkks seal = SealCkks.of(parameters, scale());
      return new CkksExchange(
          seal, bound(), seal.secretKey(secret), seal.publicKey(key), seal.evaluationKeys(keys));
    }
    SealBfv seal = SealBfv.of(parameters);
    return new BfvExchange(
        seal, range(), seal.secretKey(secret), seal.publicKey(key), seal.evaluationKeys(keys));
  }

  /** The engine with keys of its own. */
  ExchangeParty ours() {
    byte[] seed = new byte[32];
    Arrays.fill(seed, (byte) 11);
    if (ckks) {
      SealCkks seal = SealCkks.of(parameters, scale());
      var secret = seal.context().secretKey(seed);
      return new CkksExchange(
          seal, bound(), secret, secret.publicKey(), secret.evaluationKeys(ExchangeParty.KEYS));
    }
    SealBfv seal = SealBfv.of(parameters);
    var secret = seal.context().secretKey(seed);
    return new BfvExchange(
        seal, range(), secret, secret.publicKey(), secret.evaluationKeys(ExchangeParty.KEYS));
  }

  private double bound() {
    return stated.get("bound").asDouble();
  }

  private IntegerRange range() {
    long bound = stated.get("bound").asLong();
    return IntegerRange.of(-bound, bound);
  }

  /** What the object of a name holds. */
  double[] expected(String name) {
    return switch (name) {
      case "x", "x-seeded" -> x;
      case "y" -> y;
      case "sum" -> combine(x, y, Double::sum);
      case "rotated1" -> rotated(x);
      case "square" -> combine(x, x, (a, b) -> a * b);
      default -> combine(x, y, (a, b) -> a * b);
    };
  }

  private double[] combine(double[] a, double[] b, DoubleBinaryOperator operator) {
    return IntStream.range(0, a.length)
        .mapToDouble(i -> operator.applyAsDouble(a[i], b[i]))
        .map(v -> ckks ? v : centred((long) v))
        .toArray();
  }

  private double centred(long value) {
    long t = parameters.plainModulus();
    long residue = Math.floorMod(value, t);
    return residue > t / 2 ? residue - t : residue;
  }

  /** One slot to the left, each row of its own. */
  private double[] rotated(double[] values) {
    int row = parameters.ringDegree() / 2;
    return IntStream.range(0, values.length)
        .mapToDouble(i -> values[i / row * row + (i + 1) % row])
        .toArray();
  }

  /** Rescaling at N = 4096 leaves a scale of 2^24, beside rounding errors of about 2^11. */
  double tolerance() {
    if (!ckks) {
      return 0;
    }
    return parameters.ringDegree() == 4096 ? 0x1p-11 : 0x1p-18;
  }

  /** Asserts that the values are those of a name. */
  void assertRight(String name, double[] found) {
    double[] expected = expected(name);
    for (int i = 0; i < expected.length; i++) {
      assertThat(found[i])
          .as("%s/%s slot %d", name(), name, i)
          .isCloseTo(expected[i], within(tolerance()));
    }
  }

  byte[] bytes(String name) throws IOException {
    return Files.readAllBytes(folder.resolve(name + ".seal"));
  }

  private ByteBuffer buffer(String name) throws IOException {
    return ByteBuffer.wrap(bytes(name));
  }

  private double[] numbers(String name) {
    JsonNode values = stated.get(name);
    return IntStream.range(0, values.size()).mapToDouble(i -> values.get(i).asDouble()).toArray();
  }
}
