package dev.veilsum.cli.federated;

import java.util.Optional;

/**
 * What came out of one training.
 *
 * @param way how the clients' updates were added up
 * @param privacy of the sums, where noise was added
 * @param rounds of training
 * @param accuracy on digits that no client had, as a share
 * @param bytesUp that one client sent in one round, on average
 * @param bytesDown of the sum of one round
 * @param seconds all of it, training too
 */
public record Outcome(
    String way,
    Optional<Privacy> privacy,
    int rounds,
    double accuracy,
    long bytesUp,
    long bytesDown,
    double seconds) {
  /**
   * Differential privacy of all rounds together.
   *
   * @param of what may have been there or not: a digit, or a client
   */
  public record Privacy(String of, double epsilon, double delta) {}
}
