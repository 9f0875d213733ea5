package dev.veilsum.file.rows;

import dev.veilsum.file.ColumnKind;

/** A column to be read: its name in the input and what it is declared to hold. */
public record ColumnDeclaration(String name, ColumnKind kind) {}
