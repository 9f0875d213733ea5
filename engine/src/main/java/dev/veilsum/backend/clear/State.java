package dev.veilsum.backend.clear;

/**
 * The public accounts of a ciphertext in the clear.
 *
 * @param level the last prime that is left
 * @param degree 1, or 2 after a product
 * @param scale of the message; always 1 in BFV
 * @param bound on the absolute value of a slot; always 0 in BFV
 */
record State(int level, int degree, double scale, double bound) {
  State atLevel(int newLevel) {
    return new State(newLevel, degree, scale, bound);
  }

  State ofDegree(int newDegree) {
    return new State(level, newDegree, scale, bound);
  }

  State scaledBy(double factor) {
    return new State(level, degree, scale * factor, bound);
  }

  State withBound(double newBound) {
    return new State(level, degree, scale, newBound);
  }
}
