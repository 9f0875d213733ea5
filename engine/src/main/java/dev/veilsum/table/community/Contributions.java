package dev.veilsum.table.community;

import dev.veilsum.ErrorCode;
import dev.veilsum.VeilsumException;
import dev.veilsum.bfv.BfvCiphertext;
import dev.veilsum.bfv.BfvEvaluator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The sum of some owners' contributions, encrypted: a commutative monoid, whose neutral element is
 * {@link Community#none}. One owner's contribution is the sum of one.
 *
 * @param community whose
 * @param owners how many have contributed; public
 * @param sum the encrypted counts; none where nobody has
 */
public record Contributions(Community community, long owners, Optional<BfvCiphertext> sum)
    implements AutoCloseable {
  public Contributions {
    if (owners < 0 || sum.isPresent() == (owners == 0)) {
      throw new VeilsumException(
          ErrorCode.USAGE, "%d owners have a sum where they are some".formatted(owners));
    }
  }

  /**
   * Both together, as a new sum; the operands stay open.
   *
   * @throws VeilsumException USAGE for another community's; OUT_OF_RANGE beyond the declared number
   *     of owners
   */
  public Contributions combine(Contributions other) {
    if (!community.equals(other.community)) {
      throw new VeilsumException(
          ErrorCode.USAGE, "contributions to another community cannot be added to these");
    }
    long together = owners + other.owners;
    if (together > community.owners()) {
      throw new VeilsumException(
          ErrorCode.OUT_OF_RANGE,
          "%d owners were declared, and %d have contributed"
              .formatted(community.owners(), together));
    }
    if (sum.isEmpty() && other.sum.isEmpty()) {
      return community.none();
    }
    List<BfvCiphertext> terms = Stream.of(sum, other.sum).flatMap(Optional::stream).toList();
    BfvEvaluator evaluator = terms.get(0).context().evaluator();
    return new Contributions(community, together, Optional.of(evaluator.sum(terms)));
  }

  @Override
  public void close() {
    sum.ifPresent(BfvCiphertext::close);
  }
}
