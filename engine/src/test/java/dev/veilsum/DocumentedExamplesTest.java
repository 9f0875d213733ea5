package dev.veilsum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.veilsum.ckks.CkksCiphertext;
import dev.veilsum.ckks.CkksContext;
import dev.veilsum.ckks.CkksEvaluationKeys;
import dev.veilsum.ckks.CkksPublicKey;
import dev.veilsum.ckks.CkksSecretKey;
import dev.veilsum.keys.MasterKey;
import dev.veilsum.params.KeyRequirements;
import dev.veilsum.params.Presets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of the documents, run as they stand there. */
class DocumentedExamplesTest {
  private static final Path SOURCE =
      Path.of("src/test/java/dev/veilsum/DocumentedExamplesTest.java");
  private static final Pattern JAVA_BLOCK = Pattern.compile("(?s)```java\n(.*?)```");

  @ParameterizedTest
  @ValueSource(strings = {"../README.md"})
  void everyJavaExampleIsOneOfThese(String document) throws IOException {
    String tested = words(Files.readString(SOURCE));
    var blocks = JAVA_BLOCK.matcher(Files.readString(Path.of(document)));
    int count = 0;
    for (; blocks.find(); count++) {
      assertThat(tested).contains(words(blocks.group(1)));
    }
    assertThat(count).isPositive();
  }

  private static String words(String text) {
    return text.strip().replaceAll("\\s+", " ");
  }

  @Test
  void readme() {
    CkksContext ckks = CkksContext.create(Presets.CKKS_8192.parameters());
    double[] x = {1.5, 2.5, 3.5};
    double[] y = {2, 4, 6};
    double[] found = new double[3];
    double errorBound;
    try (MasterKey master = MasterKey.generate();
        CkksSecretKey secret =
            master.withSeed("readme", ckks.parameters().fingerprint().bytes(), ckks::secretKey);
        CkksPublicKey publicKey = secret.publicKey();
        CkksEvaluationKeys keys = secret.evaluationKeys(KeyRequirements.relinearization());
        CkksCiphertext a = publicKey.encryptor().encrypt(x, ckks.encoding(10));
        CkksCiphertext b = publicKey.encryptor().encrypt(y, ckks.encoding(10));
        CkksCiphertext product = ckks.evaluator(keys).multiplyRescale(a, b)) {
      errorBound = secret.decryptor().decrypt(product, found, 0, 3);
    }
    // found is {3, 10, 21}, each to within errorBound
    assertThat(errorBound).isLessThan(1e-3);
    assertThat(found).containsExactly(new double[] {3, 10, 21}, within(errorBound));
  }
}
