package dev.veilsum.file.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The members of a zip file by its central directory (PKWARE APPNOTE 6.3.10, sections 4.3 and 4.5),
 * with ZIP64 sizes. Members must not overlap, so that what they inflate to is bounded by the file.
 * {@code java.util.zip.ZipFile} is not used: in JDK 17 it allocates by counts that a file claims.
 */
final class ZipDirectory {
  private static final int LOCAL_SIGNATURE = 0x04034b50;
  private static final int MEMBER_SIGNATURE = 0x02014b50;
  private static final int END_SIGNATURE = 0x06054b50;
  private static final int END64_SIGNATURE = 0x06064b50;
  private static final int LOCATOR64_SIGNATURE = 0x07064b50;
  private static final int LOCAL_BYTES = 30;
  private static final int MEMBER_BYTES = 46;
  private static final int END_BYTES = 22;
  private static final int END64_BYTES = 56;
  private static final int LOCATOR64_BYTES = 20;
  private static final int EXTRA64 = 1;
  private static final long IN_EXTRA = 0xffffffffL;
  private static final int MOST_MEMBERS = 1 << 16;
  private static final long MOST_BYTES = 1L << 26;

  private final TensorInput in;

  private ZipDirectory(TensorInput in) {
    this.in = in;
  }

  /**
   * A file in a zip file.
   *
   * @param deflated or else stored
   * @param start where its bytes begin
   * @param stored its bytes in the file
   * @param size its bytes when it is unpacked
   */
  record Member(String name, boolean deflated, long crc, long start, long stored, long size) {}

  /** Where the directory is. */
  private record Place(long from, long end, long members) {}

  /** The members in the order of the directory; CORRUPT, BAD_INPUT. */
  static List<Member> read(TensorInput in) {
    return new ZipDirectory(in).members();
  }

  private List<Member> members() {
    Place place = place();
    long bytes = place.end - place.from;
    if (place.from < 0 || bytes < 0) {
      throw in.corrupt("its zip directory lies outside of it");
    }
    if (place.members > MOST_MEMBERS || bytes > MOST_BYTES) {
      throw in.bad(
          "a zip directory of %d entries in %d bytes; at most %d in %d are read"
              .formatted(place.members, bytes, MOST_MEMBERS, MOST_BYTES));
    }
    if (place.members < 0 || place.members > bytes / MEMBER_BYTES) {
      throw in.corrupt("its zip directory is too short for its " + place.members + " entries");
    }
    ByteBuffer directory = in.read(place.from, (int) bytes);
    List<Member> members = new ArrayList<>();
    List<long[]> used = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int i = 0; i < place.members; i++) {
      Member member = member(directory, place.from, used);
      if (!names.add(member.name)) {
        throw in.bad("two entries are called \"" + member.name + '"');
      }
      members.add(member);
    }
    if (directory.hasRemaining()) {
      throw in.corrupt("its zip directory is longer than its entries");
    }
    used.sort(Comparator.comparingLong(range -> range[0]));
    for (int i = 1; i < used.size(); i++) {
      if (used.get(i)[0] < used.get(i - 1)[1]) {
        throw in.corrupt("two of its zip entries overlap");
      }
    }
    return members;
  }

  /** The end record is the last thing in a file, but for a comment of the length that it says. */
  private Place place() {
    int length = (int) Math.min(in.size(), END_BYTES + 0xffff);
    long tailAt = in.size() - length;
    ByteBuffer tail = in.read(tailAt, length);
    for (int at = length - END_BYTES; at >= 0; at--) {
      if (tail.getInt(at) == END_SIGNATURE
          && (tail.getShort(at + 20) & 0xffff) == length - at - END_BYTES) {
        return place(tail.slice(at, END_BYTES).order(ByteOrder.LITTLE_ENDIAN), tailAt + at);
      }
    }
    throw in.corrupt("the directory at the end of the zip file is missing: it was cut");
  }

  private Place place(ByteBuffer end, long at) {
    long members = end.getShort(10) & 0xffff;
    long bytes = end.getInt(12) & IN_EXTRA;
    long from = end.getInt(16) & IN_EXTRA;
    long directoryEnd = at;
    if (at >= LOCATOR64_BYTES) { // a ZIP64 end record counts wherever there is one, as in Python
      ByteBuffer locator = in.read(at - LOCATOR64_BYTES, LOCATOR64_BYTES);
      if (locator.getInt(0) == LOCATOR64_SIGNATURE) {
        directoryEnd = locator.getLong(8);
        if (directoryEnd < 0 || directoryEnd > at - LOCATOR64_BYTES - END64_BYTES) {
          throw in.corrupt("its ZIP64 end record lies outside of it");
        }
        ByteBuffer end64 = in.read(directoryEnd, END64_BYTES);
        if (end64.getInt(0) != END64_SIGNATURE) {
          throw in.corrupt("its ZIP64 end record is missing");
        }
        members = end64.getLong(32);
        bytes = end64.getLong(40);
        from = end64.getLong(48);
      }
    }
    if (from < 0 || bytes < 0 || from > directoryEnd || directoryEnd - from != bytes) {
      throw in.corrupt("its zip directory is not where it should be");
    }
    return new Place(from, directoryEnd, members);
  }

  private Member member(ByteBuffer directory, long dataEnd, List<long[]> used) {
    int at = directory.position();
    if (directory.remaining() < MEMBER_BYTES || directory.getInt(at) != MEMBER_SIGNATURE) {
      throw in.corrupt("its zip directory ends early");
    }
    int flags = directory.getShort(at + 8);
    int method = directory.getShort(at + 10) & 0xffff;
    long crc = directory.getInt(at + 16) & 0xffffffffL;
    long stored = directory.getInt(at + 20) & IN_EXTRA;
    long size = directory.getInt(at + 24) & IN_EXTRA;
    int nameBytes = directory.getShort(at + 28) & 0xffff;
    int extraBytes = directory.getShort(at + 30) & 0xffff;
    int commentBytes = directory.getShort(at + 32) & 0xffff;
    long local = directory.getInt(at + 42) & IN_EXTRA;
    if (directory.remaining() - MEMBER_BYTES < nameBytes + extraBytes + commentBytes) {
      throw in.corrupt("its zip directory ends early");
    }
    byte[] rawName = new byte[nameBytes];
    directory.get(at + MEMBER_BYTES, rawName);
    String name = name(rawName);
    ByteBuffer extra = extra64(directory, at + MEMBER_BYTES + nameBytes, extraBytes);
    size = wide(size, extra, name);
    stored = wide(stored, extra, name);
    local = wide(local, extra, name);
    directory.position(at + MEMBER_BYTES + nameBytes + extraBytes + commentBytes);
    if ((flags & 1) != 0) {
      throw in.bad("\"" + name + "\" is encrypted; pack it without a password");
    }
    if (method != 0 && method != 8) {
      throw in.bad(
          "\"%s\" is packed by method %d; stored and deflated entries are read, as numpy.savez and"
                  .formatted(name, method)
              + " numpy.savez_compressed write them");
    }
    if (method == 0 && stored != size) {
      throw in.corrupt("\"%s\" is stored in %d bytes and has %d".formatted(name, stored, size));
    }
    long start = start(local, rawName, name, dataEnd);
    if (stored > dataEnd - start) {
      throw in.corrupt("\"" + name + "\" is longer than the file");
    }
    used.add(new long[] {local, start + stored});
    return new Member(name, method == 8, crc, start, stored, size);
  }

  /** Where the data begin: after the local header, which has a name and an extra field too. */
  private long start(long local, byte[] rawName, String name, long dataEnd) {
    if (local > dataEnd - LOCAL_BYTES) {
      throw in.corrupt("\"" + name + "\" lies outside of the file");
    }
    ByteBuffer header = in.read(local, LOCAL_BYTES);
    int nameBytes = header.getShort(26) & 0xffff;
    long start = local + LOCAL_BYTES + nameBytes + (header.getShort(28) & 0xffff);
    if (header.getInt(0) != LOCAL_SIGNATURE || nameBytes != rawName.length || start > dataEnd) {
      throw in.corrupt("the header of \"" + name + "\" is not where the zip directory says");
    }
    if (!in.read(local + LOCAL_BYTES, nameBytes).equals(ByteBuffer.wrap(rawName))) {
      throw in.corrupt("the header of \"" + name + "\" has another name than the zip directory");
    }
    return start;
  }

  private String name(byte[] raw) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(raw)).toString();
    } catch (CharacterCodingException e) {
      throw in.bad("the name of a zip entry is not UTF-8; name the arrays in ASCII or UTF-8");
    }
  }

  /** The content of the ZIP64 extra field; empty where there is none. */
  private ByteBuffer extra64(ByteBuffer directory, int from, int length) {
    int at = from;
    while (from + length - at >= 4) {
      int id = directory.getShort(at) & 0xffff;
      int bytes = directory.getShort(at + 2) & 0xffff;
      if (bytes > from + length - at - 4) {
        break;
      }
      if (id == EXTRA64) {
        return directory.slice(at + 4, bytes).order(ByteOrder.LITTLE_ENDIAN);
      }
      at += 4 + bytes;
    }
    return ByteBuffer.allocate(0);
  }

  private long wide(long field, ByteBuffer extra, String name) {
    if (field != IN_EXTRA) {
      return field;
    }
    long value = extra.remaining() >= Long.BYTES ? extra.getLong() : -1;
    if (value < 0) {
      throw in.corrupt("\"" + name + "\" lacks a ZIP64 size");
    }
    return value;
  }
}
