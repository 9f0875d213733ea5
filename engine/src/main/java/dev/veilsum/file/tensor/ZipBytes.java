package dev.veilsum.file.tensor;

import dev.veilsum.VeilsumException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** A member of a zip file, unpacked as it is read, and checked against its CRC-32 at the end. */
final class ZipBytes implements ElementBytes {
  private static final int PART = 1 << 16;

  private final TensorInput in;
  private final ZipDirectory.Member member;
  private final CRC32 crc = new CRC32();
  private final Inflater inflater; // null where the member is stored
  private final ByteBuffer packed; // likewise
  private long taken; // of the stored bytes
  private long given; // of the unpacked ones

  ZipBytes(TensorInput in, ZipDirectory.Member member) {
    this.in = in;
    this.member = member;
    this.inflater = member.deflated() ? new Inflater(true) : null;
    this.packed =
        member.deflated() ? ByteBuffer.allocate((int) Math.min(PART, member.stored())) : null;
  }

  @Override
  public void read(ByteBuffer into) {
    int from = into.position();
    if (into.remaining() > member.size() - given) {
      throw damaged("ends early");
    }
    given += into.remaining();
    if (inflater == null) {
      int count = into.remaining();
      in.read(into, member.start() + taken);
      taken += count;
    } else {
      inflate(into);
      if (into.hasRemaining()) {
        throw damaged("unpacks to less than its size");
      }
    }
    crc.update(into.duplicate().flip().position(from));
  }

  /** Until {@code into} is full or the packed stream is at its end. */
  private void inflate(ByteBuffer into) {
    try {
      while (into.hasRemaining() && !inflater.finished()) {
        if (inflater.inflate(into) > 0 || inflater.finished()) {
          continue;
        }
        int part = (int) Math.min(packed.capacity(), member.stored() - taken);
        if (inflater.needsDictionary() || part == 0) {
          throw damaged("is cut in its packed bytes");
        }
        in.read(packed.clear().limit(part), member.start() + taken);
        taken += part;
        inflater.setInput(packed.flip());
      }
    } catch (DataFormatException e) {
      throw damaged("does not unpack");
    }
  }

  @Override
  public void finish() {
    if (inflater != null) {
      ByteBuffer more = ByteBuffer.allocate(1);
      inflate(more);
      if (more.position() > 0) {
        throw damaged("unpacks to more than its size");
      }
    }
    if (given != member.size() || crc.getValue() != member.crc()) {
      throw damaged("does not match its checksum");
    }
  }

  private VeilsumException damaged(String what) {
    return in.corrupt("\"" + member.name() + "\" " + what);
  }

  @Override
  public void close() {
    if (inflater != null) {
      inflater.end();
      Arrays.fill(packed.array(), (byte) 0);
    }
  }
}
