package dev.veilsum.aggregate;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.file.tensor.TensorShape;
import java.util.List;

/**
 * What a client says of its update in the clear.
 *
 * @param round the round's name, 1 to 64 characters; the same for all of its clients
 * @param client the client's name, 1 to 64 characters; counted once a round
 * @param weight what the update is multiplied by, for example the number of samples; at least 1
 * @param clip c: values are clipped to [-c, c]; the same for all clients; 2^-100 to 2^100
 * @param tensors the tensors, in order; the same for all clients
 */
public record UpdateDeclaration(
    String round, String client, long weight, double clip, List<TensorShape> tensors) {
  /** Checks all but what depends on the parameters: USAGE, OUT_OF_RANGE, BAD_INPUT. */
  public UpdateDeclaration {
    requireName("round", round);
    requireName("client", client);
    if (weight < 1) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE, "a weight of " + weight + "; it must be at least 1");
    }
    tensors = List.copyOf(tensors);
    GradientFrame.requireClip(clip);
    GradientFrame.requireTensors(tensors);
  }

  static void requireName(String what, String name) {
    if (name.isBlank() || name.codePointCount(0, name.length()) > 64) {
      throw new VeilsumException(
          ErrorCode.BAD_INPUT,
          "a %s's name has 1 to 64 characters, not \"%s\"".formatted(what, name));
    }
  }
}
