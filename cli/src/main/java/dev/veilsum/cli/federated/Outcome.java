package dev.veilsum.cli.federated;

/**
 * What came out of one training.
 *
 * @param way how the clients' updates were added up
 * @param rounds of training
 * @param accuracy on digits that no client had, as a share
 * @param bytesUp that one client sent in one round, on average
 * @param bytesDown of the sum of one round
 * @param seconds all of it, training too
 * @param epsilon of differential privacy, infinite without
 */
public record Outcome(
    String way,
    int rounds,
    double accuracy,
    long bytesUp,
    long bytesDown,
    double seconds,
    double epsilon) {}
