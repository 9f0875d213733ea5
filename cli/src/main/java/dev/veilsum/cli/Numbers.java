package dev.veilsum.cli;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.aggregate.GradientValues;
import dev.veilsum.file.tensor.ElementType;
import dev.veilsum.file.tensor.TensorFormat;
import dev.veilsum.file.tensor.TensorReader;
import dev.veilsum.file.tensor.TensorShape;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The numbers of an update in a file: of tensors, or bare. */
interface Numbers extends GradientValues, AutoCloseable {
  List<TensorShape> tensors();

  @Override
  void close();

  /**
   * Opens a file of the format that its name says, or else that it starts like.
   *
   * @param type what bare numbers are, or null: float32 where it is no file of tensors
   */
  static Numbers open(Path file, String type) {
    Optional<TensorFormat> format = TensorFormat.ofName(file);
    if (format.isPresent() && type != null) {
      throw new VeilsumException(
          ErrorCode.USAGE,
          "--type says what bare numbers are, and %s says itself what it holds; leave out --type"
              .formatted(file));
    }
    if (format.isEmpty() && type == null) {
      format = TensorFormat.ofStart(file);
    }
    if (format.isPresent()) {
      return new OfTensors(TensorReader.open(file, format.get()));
    }
    Inputs.refuse(file, "numbers; name a .npy, .npz or .safetensors file, or bare numbers");
    return RawNumbers.open(file, type == null ? ElementType.FLOAT32 : ElementType.ofId(type));
  }

  /** Those of a file of tensors. */
  record OfTensors(TensorReader reader, GradientValues values) implements Numbers {
    OfTensors(TensorReader reader) {
      this(reader, GradientValues.of(reader));
    }

    @Override
    public List<TensorShape> tensors() {
      return reader.tensors();
    }

    @Override
    public Kind kind() {
      return values.kind();
    }

    @Override
    public long count() {
      return values.count();
    }

    @Override
    public void next(ByteBuffer into, int count) {
      values.next(into, count);
    }

    @Override
    public void close() {
      reader.close();
    }
  }
}
