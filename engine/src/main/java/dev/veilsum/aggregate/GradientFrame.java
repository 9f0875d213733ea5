package dev.veilsum.aggregate;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.file.tensor.TensorShape;
import dev.veilsum.keys.KeyId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What all updates of a round have in common.
 *
 * @param parameters the parameters that they are encrypted under
 * @param keyId the key
 * @param round the round's name
 * @param clip c: values were clipped to [-c, c]
 * @param tensors the tensors, in order
 * @param form how the clients encrypt
 */
public record GradientFrame(
    GradientParameters parameters,
    KeyId keyId,
    String round,
    double clip,
    List<TensorShape> tensors,
    UpdateForm form) {
  /** Sections of a file beside the chunks are few. */
  private static final int MAX_CHUNKS = (1 << 20) - 16;

  private static final int MAX_TENSORS = 1 << 16;

  /** Checks all of it: BAD_INPUT, OUT_OF_RANGE. */
  public GradientFrame {
    UpdateDeclaration.requireName("round", round);
    requireClip(clip);
    tensors = List.copyOf(tensors);
    requireTensors(tensors);
    long numbers = numbers(tensors);
    if (numbers > (long) MAX_CHUNKS * parameters.chunkNumbers()) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE,
          "%d numbers; one file takes at most %d: split the tensors over several rounds"
              .formatted(numbers, (long) MAX_CHUNKS * parameters.chunkNumbers()));
    }
  }

  /** The numbers of all tensors together. */
  public long numbers() {
    return numbers(tensors);
  }

  /** The ciphertexts that they take. */
  public int chunks() {
    int each = parameters.chunkNumbers();
    return Math.toIntExact((numbers() + each - 1) / each);
  }

  /** Bytes of one chunk of an update. */
  int chunkBytes() {
    return form.polynomials() * parameters.polynomialBytes();
  }

  /** How many numbers chunk {@code chunk} has. */
  public int numbersOf(int chunk) {
    int each = parameters.chunkNumbers();
    return (int) Math.min(each, numbers() - (long) chunk * each);
  }

  /** Refuses another update that does not fit, and says in what. */
  void requireSame(GradientFrame other, String name) {
    require(
        parameters.equals(other.parameters),
        ErrorCode.PARAMETER_MISMATCH,
        name,
        "parameters",
        other.parameters,
        parameters);
    require(keyId.equals(other.keyId), ErrorCode.KEY_MISMATCH, name, "key", other.keyId, keyId);
    require(
        form == other.form, ErrorCode.PARAMETER_MISMATCH, name, "form", other.form.id(), form.id());
    require(round.equals(other.round), ErrorCode.BAD_INPUT, name, "round", other.round, round);
    require(clip == other.clip, ErrorCode.BAD_INPUT, name, "clip", other.clip, clip);
    if (!tensors.equals(other.tensors)) {
      require(
          tensors.size() == other.tensors.size(),
          ErrorCode.BAD_INPUT,
          name,
          "number of tensors",
          other.tensors.size(),
          tensors.size());
      for (int i = 0; i < tensors.size(); i++) {
        require(
            tensors.get(i).equals(other.tensors.get(i)),
            ErrorCode.BAD_INPUT,
            name,
            "tensor",
            other.tensors.get(i),
            tensors.get(i));
      }
    }
  }

  private static void require(
      boolean same, ErrorCode code, String name, String what, Object found, Object expected) {
    if (!same) {
      throw new VeilsumException(
          code, "%s is of %s %s; this round is of %s".formatted(name, what, found, expected));
    }
  }

  static void requireClip(double clip) {
    if (!(clip >= 0x1p-100 && clip <= 0x1p100)) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE, "a clip of " + clip + "; 2^-100 to 2^100 is possible");
    }
  }

  static void requireTensors(List<TensorShape> tensors) {
    if (tensors.isEmpty() || tensors.size() > MAX_TENSORS) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          "%d tensors; 1 to %d are possible".formatted(tensors.size(), MAX_TENSORS));
    }
    Set<String> names = new HashSet<>();
    for (TensorShape tensor : tensors) {
      if (!names.add(tensor.name())) {
        throw new VeilsumException(
            ErrorCode.BAD_INPUT, "two tensors are called \"" + tensor.name() + "\"");
      }
    }
  }

  private static long numbers(List<TensorShape> tensors) {
    long numbers = 0;
    for (TensorShape tensor : tensors) {
      numbers = Math.addExact(numbers, tensor.elements());
    }
    return numbers;
  }
}
