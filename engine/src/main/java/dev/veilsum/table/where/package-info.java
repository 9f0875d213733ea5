/**
 * Conditions on rows: from the text after {@code --where} to the encrypted mask of a chunk, which
 * has a 1 in the slot of every row that fulfils it and a 0 in every other slot.
 *
 * <p>The way of a condition: {@link dev.veilsum.table.where.Condition} is parsed; a {@link
 * dev.veilsum.table.where.Formula} says the same in sets of labels and buckets, as the columns'
 * kinds allow; a {@link dev.veilsum.table.where.MaskPlan} is what will be computed, with its costs;
 * a {@link dev.veilsum.table.where.MaskEvaluator} computes it. An {@link
 * dev.veilsum.table.where.EncryptedSelection} takes the place of the plan where the condition
 * itself is encrypted.
 */
package dev.veilsum.table.where;
