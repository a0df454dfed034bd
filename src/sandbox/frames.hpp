#pragma once

// The bytes of link.hpp's frames: a writer, a splitter of the stream, and a reader.

#include "sandbox/link.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace stresskit::sandbox {

/// One frame, field by field, in the order link.hpp gives:
/// `FrameWriter(Frame::evict).str(id).u8(0x98).take()`.
class FrameWriter {
 public:
  explicit FrameWriter(Frame type);

  FrameWriter& u8(std::uint8_t value);
  FrameWriter& u64(std::uint64_t value);
  FrameWriter& i64(std::int64_t value);
  FrameWriter& str(std::string_view text);

  /// The finished frame, length in front.
  [[nodiscard]] std::string take();

 private:
  std::string bytes_;
};

/// Reads the fields of one frame's body in order. Past the end every field is empty and `good`
/// turns false: a frame cut short is the other side's bug and is dropped whole.
class FrameBody {
 public:
  FrameBody(Frame type, std::string_view body) : type_(type), rest_(body) {}

  [[nodiscard]] Frame type() const { return type_; }
  [[nodiscard]] bool good() const { return good_; }

  std::uint8_t u8();
  std::uint64_t u64();
  std::int64_t i64();
  /// Valid as long as the bytes the frame was read from.
  std::string_view str();

 private:
  std::string_view bytes(std::size_t count);

  Frame type_;
  std::string_view rest_;
  bool good_ = true;
};

/// Cuts a byte stream into frames.
class FrameSplitter {
 public:
  void feed(std::string_view bytes) { buffer_.append(bytes); }

  /// The next whole frame, if there is one. Valid until the next call of either.
  [[nodiscard]] std::optional<FrameBody> next();

 private:
  std::string buffer_;
  std::size_t start_ = 0;  ///< of the first byte not yet handed out
};

}  // namespace stresskit::sandbox
