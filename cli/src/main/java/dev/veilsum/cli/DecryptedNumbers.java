package dev.veilsum.cli;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.aggregate.GradientDecryptor;
import dev.veilsum.file.tensor.ElementType;
import dev.veilsum.file.tensor.TensorFormat;
import dev.veilsum.file.tensor.TensorShape;
import dev.veilsum.file.tensor.TensorWriter;
import dev.veilsum.io.AtomicOutput;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Where decrypted numbers go: a file of tensors where its name says so, or else bare. */
final class DecryptedNumbers {
  private final AtomicOutput out;
  private final TensorWriter writer; // null for bare numbers
  private final GradientDecryptor.Output kind;

  private DecryptedNumbers(AtomicOutput out, TensorWriter writer, GradientDecryptor.Output kind) {
    this.out = out;
    this.writer = writer;
    this.kind = kind;
  }

  /**
   * Starts the output.
   *
   * @param out where to; stays the caller's, who commits it
   * @param tensors what will be written
   * @param type the type of all numbers, or null: that of each tensor, or float32 for bare ones
   * @param sum sums instead of means
   */
  static DecryptedNumbers start(
      AtomicOutput out, List<TensorShape> tensors, String type, boolean sum) {
    Optional<TensorFormat> format = TensorFormat.ofName(Path.of(out.name()));
    if (format.isEmpty()) {
      return new DecryptedNumbers(out, null, bare(type == null ? "float32" : type, sum));
    }
    return new DecryptedNumbers(
        out,
        new TensorWriter(out, format.get(), type == null ? tensors : retyped(tensors, type)),
        sum ? GradientDecryptor.Output.DOUBLE_SUMS : GradientDecryptor.Output.DOUBLE_MEANS);
  }

  private static List<TensorShape> retyped(List<TensorShape> tensors, String type) {
    ElementType elements =
        Arrays.stream(ElementType.values())
            .filter(each -> each.id().equals(type))
            .findFirst()
            .orElseThrow(
                () ->
                    new VeilsumException(
                        ErrorCode.USAGE,
                        "--type %s: files of tensors take float16, bfloat16, float32 or float64%s"
                            .formatted(type, type.equals("int64") ? "; int64 goes bare" : "")));
    return tensors.stream()
        .map(tensor -> new TensorShape(tensor.name(), elements, tensor.shape()))
        .toList();
  }

  private static GradientDecryptor.Output bare(String type, boolean sum) {
    return switch (type) {
      case "float32" ->
          sum ? GradientDecryptor.Output.FLOAT_SUMS : GradientDecryptor.Output.FLOAT_MEANS;
      case "float64" ->
          sum ? GradientDecryptor.Output.DOUBLE_SUMS : GradientDecryptor.Output.DOUBLE_MEANS;
      case "int64" -> GradientDecryptor.Output.INTEGER_SUMS;
      default ->
          throw new VeilsumException(
              ErrorCode.USAGE, "--type " + type + ": float32, float64 or int64 is possible");
    };
  }

  /** What {@link #write} takes. */
  GradientDecryptor.Output kind() {
    return kind;
  }

  /** The next numbers. */
  void write(ByteBuffer numbers) {
    if (writer == null) {
      out.write(numbers);
    } else {
      writer.write(numbers);
    }
  }

  /** After the last number. */
  void finish() {
    if (writer != null) {
      writer.finish();
    }
  }
}
