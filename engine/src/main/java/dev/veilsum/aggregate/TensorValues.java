package dev.veilsum.aggregate;

import dev.veilsum.file.tensor.TensorReader;
import java.nio.ByteBuffer;

/** Numbers from a file of tensors: float, or double where a tensor is of float64. */
final class TensorValues implements GradientValues {
  private final TensorReader tensors;
  private final Kind kind;

  TensorValues(TensorReader tensors) {
    this.tensors = tensors;
    this.kind = tensors.hasDoubles() ? Kind.DOUBLE : Kind.FLOAT;
  }

  @Override
  public Kind kind() {
    return kind;
  }

  @Override
  public long count() {
    return tensors.elements();
  }

  @Override
  public void next(ByteBuffer into, int count) {
    if (kind == Kind.DOUBLE) {
      tensors.nextDoubles(into, count);
    } else {
      tensors.nextFloats(into, count);
    }
  }
}
