package dev.veilsum.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.veilsum.bfv.IntegerRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Our side of the exchange with node-seal, which is Microsoft SEAL compiled to WebAssembly: reads
 * what it wrote (src/test/node/exchange.mjs), computes on it, and writes what it is to check. Runs
 * where a folder of its objects is given; golden files stand for it elsewhere.
 */
class NodeSealExchangeTest {
  private static final String FOLDER = "veilsum.seal.exchange";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> CIPHERTEXTS =
      List.of("x", "y", "x-seeded", "sum", "product-size3", "product", "rotated1");
  private static final int CASES = 6;
  private static final int KEY_OBJECTS = 5; // parameters, secret, public, relinearization, Galois

  @Test
  void bothWays() throws IOException {
    String folder = System.getProperty(FOLDER, "");
    assumeTrue(
        !folder.isEmpty(), "no objects of node-seal: scripts/test gives them with -D" + FOLDER);
    ArrayNode manifest = JSON.createArrayNode();
    int read = 0;
    try (Stream<Path> cases = Files.list(Path.of(folder))) {
      for (Path each :
          cases.filter(c -> Files.exists(c.resolve("values.json"))).sorted().toList()) {
        read += new Case(each, manifest).exchange();
      }
    }
    ObjectNode root = JSON.createObjectNode();
    root.set("objects", manifest);
    JSON.writeValue(Path.of(folder, "manifest.json").toFile(), root);
    System.out.printf(
        "we found %d objects of node-seal right and wrote %d%n", read, manifest.size());
    assertThat(read).isEqualTo(CASES * (CIPHERTEXTS.size() + KEY_OBJECTS));
  }

  /** The objects of one parameter set. */
  private static final class Case {
    private final Path folder;
    private final ArrayNode manifest;
    private final JsonNode stated;
    private final boolean ckks;
    private final SealParameters parameters;
    private final double[] x;
    private final double[] y;

    Case(Path folder, ArrayNode manifest) throws IOException {
      this.folder = folder;
      this.manifest = manifest;
      this.stated = JSON.readTree(folder.resolve("values.json").toFile());
      this.ckks = stated.get("scheme").asText().equals("ckks");
      this.parameters = SealParameters.read(buffer("parms"));
      this.x = numbers("x");
      this.y = numbers("y");
    }

    /** The number of objects that were read and right. */
    int exchange() throws IOException {
      checkIds();
      ExchangeParty theirs = theirs();
      for (String name : CIPHERTEXTS) {
        assertRight(name, theirs.decrypt(bytes(name)), expected(name));
      }
      String secret = folder.getFileName() + "/secret.seal";
      send("x", theirs.encryptPublic(x), x, secret, null, null);
      send("x-seeded", theirs.encryptSeeded(x), x, secret, null, null);
      send("sum", theirs.add(bytes("x"), bytes("y")), expected("sum"), secret, null, null);
      byte[] product = theirs.multiply(bytes("x"), bytes("y"));
      send("product", product, expected("product"), secret, null, null);
      send("rotated1", theirs.rotate(bytes("x")), expected("rotated1"), secret, null, null);
      sendOurs();
      return CIPHERTEXTS.size() + KEY_OBJECTS;
    }

    /** Our keys, and a ciphertext under them for SEAL to compute on. */
    private void sendOurs() throws IOException {
      ExchangeParty ours = ours();
      String secret = write("our-secret", ours.exportSecret());
      String relin = write("our-relin", ours.exportKeys(SealSwitchKeys.Kind.RELINEARIZATION));
      String galois = write("our-galois", ours.exportKeys(SealSwitchKeys.Kind.GALOIS));
      String publicKey = write("our-public", ours.exportPublic());
      byte[] c = ours.encryptSeeded(x);
      send("our-x", c, x, secret, null, null);
      send("our-square", c, combine(x, x, (a, b) -> a * b), secret, "square", relin);
      send("our-rotated1", c, rotated(x), secret, "rotate", galois);
      send("our-encrypted", c, y, secret, "encrypt", publicKey);
    }

    private void checkIds() {
      int[] primes = {parameters.primes().size(), parameters.dataPrimes()};
      for (int i = 0; i < primes.length; i++) {
        ByteBuffer id =
            ByteBuffer.wrap(parameters.parmsId(primes[i])).order(ByteOrder.LITTLE_ENDIAN);
        for (JsonNode word : stated.get("parms_ids").get(i)) {
          assertThat(Long.toUnsignedString(id.getLong())).isEqualTo(word.asText());
        }
      }
    }

    private ExchangeParty theirs() throws IOException {
      SealPlaintext secret = SealPlaintext.readSecretKey(buffer("secret"), parameters);
      SealCiphertext key = SealCiphertext.readPublicKey(buffer("public"), parameters);
      SealSwitchKeys[] keys = {
        SealSwitchKeys.read(buffer("relin"), parameters, SealSwitchKeys.Kind.RELINEARIZATION),
        SealSwitchKeys.read(buffer("galois"), parameters, SealSwitchKeys.Kind.GALOIS)
      };
      if (ckks) {
        SealCkks seal = SealCkks.of(parameters, stated.get("scale").asDouble());
        return new CkksExchange(
            seal, bound(), seal.secretKey(secret), seal.publicKey(key), seal.evaluationKeys(keys));
      }
      SealBfv seal = SealBfv.of(parameters);
      return new BfvExchange(
          seal, range(), seal.secretKey(secret), seal.publicKey(key), seal.evaluationKeys(keys));
    }

    private ExchangeParty ours() {
      byte[] seed = new byte[32];
      Arrays.fill(seed, (byte) 11);
      if (ckks) {
        SealCkks seal = SealCkks.of(parameters, stated.get("scale").asDouble());
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

    private double[] expected(String name) {
      return switch (name) {
        case "x", "x-seeded" -> x;
        case "y" -> y;
        case "sum" -> combine(x, y, Double::sum);
        case "rotated1" -> rotated(x);
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
    private double tolerance() {
      if (!ckks) {
        return 0;
      }
      return parameters.ringDegree() == 4096 ? 0x1p-11 : 0x1p-18;
    }

    private void assertRight(String name, double[] found, double[] expected) {
      for (int i = 0; i < expected.length; i++) {
        assertThat(found[i])
            .as("%s/%s slot %d", folder.getFileName(), name, i)
            .isCloseTo(expected[i], within(tolerance()));
      }
    }

    private void send(
        String name, byte[] object, double[] expected, String secret, String operation, String keys)
        throws IOException {
      ObjectNode entry = manifest.addObject();
      entry.put("scheme", stated.get("scheme").asText());
      entry.put("parms", folder.getFileName() + "/parms.seal");
      entry.put("scale", stated.get("scale").asDouble());
      entry.put("secret", secret);
      entry.put("file", write("from-us-" + name, object));
      entry.put("tolerance", tolerance());
      if (operation != null) {
        entry.put("operation", operation).put("keys", keys);
      }
      ArrayNode values = entry.putArray("expected");
      for (double value : expected) {
        values.add(value);
      }
    }

    private String write(String name, byte[] object) throws IOException {
      Files.write(folder.resolve(name + ".seal"), object);
      return folder.getFileName() + "/" + name + ".seal";
    }

    private byte[] bytes(String name) throws IOException {
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
}
