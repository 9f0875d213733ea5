package dev.veilsum.ckks;

/**
 * Values that may be handed to others.
 *
 * @param values the real parts of the slots, flooding noise included
 * @param errorBound the error that no slot passes, but with a probability below 2^-64
 */
public record ReleasedValues(double[] values, double errorBound) {}
