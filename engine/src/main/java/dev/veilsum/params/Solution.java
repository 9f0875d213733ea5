package dev.veilsum.params;

/**
 * Parameters, and why these.
 *
 * @param reason a few sentences for people, with the numbers
 */
public record Solution<P extends RlweParameters>(P parameters, String reason) {}
