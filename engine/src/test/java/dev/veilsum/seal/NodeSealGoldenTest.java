package dev.veilsum.seal;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Objects that node-seal wrote decrypt to their values, and compute to them with its keys. */
@Tag("exact")
class NodeSealGoldenTest {
  private static NodeSealObjects objects(String name) throws IOException {
    try {
      return new NodeSealObjects(
          Path.of(NodeSealGoldenTest.class.getResource("/node-seal-5.1.6/" + name).toURI()));
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bfv-4096", "ckks-4096"})
  void whatItWroteDecrypts(String name) throws IOException {
    NodeSealObjects objects = objects(name);
    objects.checkIds();
    ExchangeParty theirs = objects.theirs();
    for (String each : Arrays.asList("x", "y", "x-seeded", "product", "rotated1")) {
      objects.assertRight(each, theirs.decrypt(objects.bytes(each)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bfv-4096", "ckks-4096"})
  void itsKeysComputeAndEncrypt(String name) throws IOException {
    NodeSealObjects objects = objects(name);
    ExchangeParty theirs = objects.theirs();
    byte[] x = objects.bytes("x");
    byte[] y = objects.bytes("y");
    objects.assertRight("sum", theirs.decrypt(theirs.add(x, y)));
    objects.assertRight("product", theirs.decrypt(theirs.multiply(x, y)));
    objects.assertRight("rotated1", theirs.decrypt(theirs.rotate(x)));
    objects.assertRight("x", theirs.decrypt(theirs.encryptPublic(objects.x)));
    objects.assertRight("x", theirs.decrypt(theirs.encryptSeeded(objects.x)));
  }
}
