package dev.veilsum.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
    private final NodeSealObjects objects;

    Case(Path folder, ArrayNode manifest) throws IOException {
      this.folder = folder;
      this.manifest = manifest;
      this.objects = new NodeSealObjects(folder);
    }

    /** The number of objects that were read and right. */
    int exchange() throws IOException {
      objects.checkIds();
      ExchangeParty theirs = objects.theirs();
      for (String name : CIPHERTEXTS) {
        objects.assertRight(name, theirs.decrypt(objects.bytes(name)));
      }
      byte[] x = objects.bytes("x");
      byte[] y = objects.bytes("y");
      String secret = folder.getFileName() + "/secret.seal";
      send("x", theirs.encryptPublic(objects.x), "x", secret, null, null);
      send("x-seeded", theirs.encryptSeeded(objects.x), "x", secret, null, null);
      send("sum", theirs.add(x, y), "sum", secret, null, null);
      send("product", theirs.multiply(x, y), "product", secret, null, null);
      send("rotated1", theirs.rotate(x), "rotated1", secret, null, null);
      sendOurs();
      return CIPHERTEXTS.size() + KEY_OBJECTS;
    }

    /** Our keys, and a ciphertext under them for SEAL to compute on. */
    private void sendOurs() throws IOException {
      ExchangeParty ours = objects.ours();
      String secret = write("our-secret", ours.exportSecret());
      String relin = write("our-relin", ours.exportKeys(SealSwitchKeys.Kind.RELINEARIZATION));
      String galois = write("our-galois", ours.exportKeys(SealSwitchKeys.Kind.GALOIS));
      String publicKey = write("our-public", ours.exportPublic());
      byte[] c = ours.encryptSeeded(objects.x);
      send("our-x", c, "x", secret, null, null);
      send("our-square", c, "square", secret, "square", relin);
      send("our-rotated1", c, "rotated1", secret, "rotate", galois);
      send("our-encrypted", c, "y", secret, "encrypt", publicKey);
    }

    private void send(
        String name, byte[] object, String expected, String secret, String operation, String keys)
        throws IOException {
      ObjectNode entry = manifest.addObject();
      entry.put("scheme", objects.scheme());
      entry.put("parms", folder.getFileName() + "/parms.seal");
      entry.put("scale", objects.scale());
      entry.put("secret", secret);
      entry.put("file", write("from-us-" + name, object));
      entry.put("tolerance", objects.tolerance());
      if (operation != null) {
        entry.put("operation", operation).put("keys", keys);
      }
      ArrayNode values = entry.putArray("expected");
      for (double value : objects.expected(expected)) {
        values.add(value);
      }
    }

    private String write(String name, byte[] object) throws IOException {
      Files.write(folder.resolve(name + ".seal"), object);
      return folder.getFileName() + "/" + name + ".seal";
    }
  }
}
